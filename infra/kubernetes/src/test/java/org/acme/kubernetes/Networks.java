package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who may talk to whom, worked out as a cluster would from all NetworkPolicies together, against who does. A policy too much is a
 * fault like one too few.
 */
final class Networks {

    private static final String NAMESPACE = "kubernetes.io/metadata.name";
    private static final int DNS = 53;
    private static final int WEB = 443;
    private static final int REDIS = 6379;

    private final Manifests manifests;
    private final String namespace;
    private final List<Peer> peers = new ArrayList<>();

    private Networks(Manifests manifests) {
        this.manifests = manifests;
        this.namespace =
                manifests.ofKind("Namespace").map(Manifests::name).findFirst().orElse("");
    }

    /**
     * Somebody on the network.
     *
     * @param ports by name; what it does not listen at is a port, too, when the policies of others name it
     * @param ours whether its policies are in these manifests; what others' allow is theirs to say
     * @param operators whom its operator lets through, of those that it makes policies for
     *
     */
    private record Peer(
            String name,
            Map<String, String> namespaceLabels,
            Map<String, String> labels,
            Map<String, Integer> ports,
            boolean ours,
            JsonNode operators) {

        Peer(String name, Map<String, String> namespaceLabels, Map<String, String> labels, Map<String, Integer> ports) {
            this(name, namespaceLabels, labels, ports, false, MissingNode.getInstance());
        }
    }

    static void check(Manifests manifests, Faults faults) {
        Networks networks = new Networks(manifests);
        networks.findPeers();
        Set<String> expected = networks.expected();
        Set<String> allowed = networks.allowed();
        JsonNode nobody = manifests
                .find("NetworkPolicy", "nobody")
                .orElse(manifests.objects().get(0));
        faults.check(
                selects(nobody.at("/spec/podSelector"), Map.of("app.kubernetes.io/part-of", "sso"))
                        && nobody.at("/spec/policyTypes").size() == 2
                        && !nobody.path("spec").has("ingress")
                        && !nobody.path("spec").has("egress"),
                nobody,
                "what no policy mentions is let through");
        expected.stream()
                .filter(talk -> !allowed.contains(talk))
                .forEach(talk -> faults.add(nobody, "%s is not let through", talk));
        allowed.stream()
                .filter(talk -> !expected.contains(talk))
                .forEach(talk -> faults.add(nobody, "%s is let through", talk));
    }

    private void findPeers() {
        Map<String, String> here = Map.of(NAMESPACE, namespace);
        manifests.workloads().forEach(workload -> {
            Map<String, Integer> ports = new HashMap<>();
            Manifests.containers(workload)
                    .flatMap(container -> Manifests.stream(container.path("ports")))
                    .forEach(port -> ports.put(
                            port.path("name").asText(),
                            port.path("containerPort").asInt()));
            peers.add(new Peer(
                    Manifests.name(workload),
                    here,
                    Manifests.podLabels(workload),
                    ports,
                    true,
                    MissingNode.getInstance()));
        });
        manifests
                .ofKind("Keycloak")
                .forEach(keycloak -> peers.add(new Peer(
                        "keycloak",
                        here,
                        Map.of("app", "keycloak", "app.kubernetes.io/instance", Manifests.name(keycloak)),
                        Map.of("http", 8080),
                        false,
                        keycloak.at("/spec/networkPolicy/http"))));
        manifests
                .ofKind("Kafka")
                .forEach(kafka -> peers.add(new Peer(
                        "kafka",
                        here,
                        Map.of("strimzi.io/cluster", Manifests.name(kafka), "strimzi.io/kind", "Kafka"),
                        Map.of(
                                "services",
                                kafka.at("/spec/kafka/listeners/0/port").asInt()),
                        false,
                        kafka.at("/spec/kafka/listeners/0/networkPolicyPeers"))));
        peers.add(new Peer(
                "stranger", Map.of(NAMESPACE, "elsewhere"), Map.of("app", "any"), Map.of("web", WEB, "redis", REDIS)));
        peers.add(new Peer("ingress", Map.of(NAMESPACE, "ingress"), Map.of("app", "any"), Map.of("web", WEB)));
        peers.add(new Peer(
                "prometheus",
                Map.of(NAMESPACE, "monitoring"),
                Map.of("app.kubernetes.io/name", "prometheus"),
                Map.of("web", 9090)));
        peers.add(new Peer("names", Map.of(), Map.of(), Map.of("names", DNS)));
        if (isProduction()) {
            peers.add(new Peer("redis", Map.of(), Map.of(), Map.of("redis", REDIS)));
        }
    }

    private boolean isProduction() {
        return manifests.ofKind("Kafka").findAny().isPresent();
    }

    private Set<String> expected() {
        Set<String> talks = new TreeSet<>();
        int kafka = isProduction() ? 9093 : 9092;
        for (String name : Fleet.SERVICES) {
            String service = name + "-service";
            talks.add("nginx > " + service + ":8080");
            talks.add(service + " > nginx:8183");
            talks.add(service + " > keycloak:8080");
            talks.add(service + " > redis:6379");
            talks.add(service + " > kafka:" + kafka);
            if (isProduction()) {
                talks.add("prometheus > " + service + ":8080");
            }
        }
        talks.add("nginx > keycloak:8080");
        talks.add("keycloak > nginx:8183");
        for (int port : List.of(8080, 8180)) {
            talks.add("ingress > nginx:" + port);
        }
        if (!isProduction()) {
            talks.add("nginx > legacy:8080");
            talks.add("kafka > kafka:9092");
            // By port-forward, which comes from the node: the policies do not know from whom.
            peers.stream().map(Peer::name).filter(name -> !name.equals("names")).forEach(name -> {
                if (Set.of("stranger", "prometheus").contains(name)) {
                    talks.add(name + " > nginx:8080");
                    talks.add(name + " > nginx:8180");
                }
            });
        }
        manifests.workloads().map(Manifests::name).forEach(name -> talks.add(name + " > names:53"));
        return talks;
    }

    private Set<String> allowed() {
        Set<String> talks = new TreeSet<>();
        for (Peer from : peers) {
            for (Peer to : peers) {
                if ((from.ours() || to.ours()) && !from.name().equals("names")) {
                    to.ports().values().stream()
                            .filter(port -> lets("Egress", "egress", "to", from, to, to, port)
                                    && lets("Ingress", "ingress", "from", to, from, to, port))
                            .forEach(port -> talks.add(from.name() + " > " + to.name() + ":" + port));
                }
            }
        }
        return talks;
    }

    /** Whether the policies of one side let the other one through. */
    private boolean lets(String type, String rules, String side, Peer subject, Peer other, Peer to, int port) {
        if (!subject.ours()) {
            return type.equals("Egress") || isFor(subject.operators(), other);
        }
        List<JsonNode> policies = manifests
                .ofKind("NetworkPolicy")
                .filter(policy -> selects(policy.at("/spec/podSelector"), subject.labels()))
                .filter(policy -> Manifests.stream(policy.at("/spec/policyTypes"))
                        .anyMatch(one -> one.asText().equals(type)))
                .toList();
        return policies.isEmpty()
                || policies.stream()
                        .flatMap(policy -> Manifests.stream(policy.at("/spec/" + rules)))
                        .anyMatch(rule -> isFor(rule.path(side), other) && hasPort(rule.path("ports"), to, port));
    }

    private boolean isFor(JsonNode sides, Peer other) {
        return sides.isMissingNode()
                || sides.isEmpty()
                || Manifests.stream(sides).anyMatch(side -> isOneFor(side, other));
    }

    private boolean isOneFor(JsonNode side, Peer other) {
        if (side.has("ipBlock")) {
            String[] network = side.at("/ipBlock/cidr").asText().split("/");
            // Another network than all there is: that of what is outside.
            return network.length == 2
                    && (Integer.parseInt(network[1]) == 0
                            || other.namespaceLabels().isEmpty());
        }
        boolean here = side.has("namespaceSelector")
                ? !other.namespaceLabels().isEmpty() && selects(side.path("namespaceSelector"), other.namespaceLabels())
                : namespace.equals(other.namespaceLabels().get(NAMESPACE));
        return here && (!side.has("podSelector") || selects(side.path("podSelector"), other.labels()));
    }

    private static boolean hasPort(JsonNode ports, Peer to, int port) {
        return ports.isMissingNode()
                || ports.isEmpty()
                || Manifests.stream(ports)
                        .anyMatch(one -> one.path("port").isNumber()
                                ? one.path("port").asInt() == port
                                : Integer.valueOf(port)
                                        .equals(to.ports().get(one.path("port").asText())));
    }

    /** As a cluster does: an empty selector selects all. */
    private static boolean selects(JsonNode selector, Map<String, String> labels) {
        Stream<JsonNode> expressions = Manifests.stream(selector.path("matchExpressions"));
        return labels.entrySet()
                        .containsAll(
                                Manifests.texts(selector.path("matchLabels")).entrySet())
                && expressions.allMatch(
                        one -> Manifests.stream(one.path("values")).anyMatch(value -> value.asText()
                                .equals(labels.get(one.path("key").asText()))));
    }
}

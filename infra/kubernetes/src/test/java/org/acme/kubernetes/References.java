package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What names something else: that it is there, and is meant. */
final class References {

    private References() {}

    static void check(Manifests manifests, Faults faults) {
        manifests.workloads().forEach(workload -> workload(manifests, workload, faults));
        manifests.ofKind("Service").forEach(service -> service(manifests, service, faults));
        manifests.ofKind("HorizontalPodAutoscaler").forEach(scaler -> scaler(manifests, scaler, faults));
        manifests
                .ofKind("PodDisruptionBudget")
                .forEach(budget -> faults.check(
                        selected(manifests, budget.at("/spec/selector/matchLabels"))
                                        .count()
                                == 1,
                        budget,
                        "is about the pods of none, or of several"));
        manifests.ofKind("Ingress").forEach(ingress -> ingress(manifests, ingress, faults));
        manifests.ofKind("ServiceMonitor").forEach(monitor -> monitor(manifests, monitor, faults));
        manifests.ofKind("KafkaNodePool", "KafkaTopic", "KafkaUser").forEach(part -> {
            String cluster = part.at("/metadata/labels/strimzi.io~1cluster").asText();
            faults.check(manifests.find("Kafka", cluster).isPresent(), part, "there is no Kafka '%s'", cluster);
        });
        manifests.ofKind("Keycloak").forEach(keycloak -> {
            for (String login : new String[] {"username", "password"}) {
                secret(
                        manifests,
                        keycloak,
                        keycloak.at("/spec/bootstrapAdmin/user/secret").asText(),
                        login,
                        faults);
                JsonNode database = keycloak.at("/spec/db/" + login + "Secret");
                secret(
                        manifests,
                        keycloak,
                        database.path("name").asText(),
                        database.path("key").asText(),
                        faults);
            }
        });
        manifests.ofKind("KeycloakRealmImport").forEach(realm -> realm(manifests, realm, faults));
    }

    /** That this Secret is there, or somebody makes it, and that it has this key. */
    static void secret(Manifests manifests, JsonNode user, String name, String key, Faults faults) {
        Set<String> keys = keys(manifests, name);
        faults.check(!keys.isEmpty(), user, "Secret '%s' is not there, and nobody makes it", name);
        faults.check(keys.isEmpty() || keys.contains(key), user, "Secret '%s' has no '%s'", name, key);
    }

    private static Set<String> keys(Manifests manifests, String name) {
        Stream<String> own = manifests.find("Secret", name).stream()
                .flatMap(secret -> Stream.concat(
                        Manifests.texts(secret.path("data")).keySet().stream(),
                        Manifests.texts(secret.path("stringData")).keySet().stream()));
        Stream<String> external = manifests
                .ofKind("ExternalSecret")
                .filter(secret -> secret.at("/spec/target/name").asText().equals(name))
                .flatMap(secret -> Manifests.stream(secret.at("/spec/data")))
                .map(entry -> entry.path("secretKey").asText());
        Stream<String> certificate = manifests
                .ofKind("Certificate")
                .filter(one -> one.at("/spec/secretName").asText().equals(name))
                .flatMap(one -> Stream.of("tls.crt", "tls.key"));
        Stream<String> user =
                manifests.find("KafkaUser", name).stream().flatMap(one -> Stream.of("password", "sasl.jaas.config"));
        Stream<String> authority = manifests
                .ofKind("Kafka")
                .filter(kafka -> (Manifests.name(kafka) + "-cluster-ca-cert").equals(name))
                .flatMap(kafka -> Stream.of("ca.crt", "ca.p12", "ca.password"));
        return Stream.of(own, external, certificate, user, authority)
                .flatMap(all -> all)
                .collect(Collectors.toSet());
    }

    private static void workload(Manifests manifests, JsonNode workload, Faults faults) {
        Map<String, String> labels = Manifests.podLabels(workload);
        JsonNode selector = workload.at("/spec/selector/matchLabels");
        faults.check(matches(selector, labels), workload, "does not select its own pods");
        Manifests.stream(Manifests.pod(workload).path("topologySpreadConstraints"))
                .forEach(spread -> faults.check(
                        matches(spread.at("/labelSelector/matchLabels"), labels),
                        workload,
                        "spreads the pods of others"));
        Manifests.stream(Manifests.pod(workload).path("volumes")).forEach(volume -> {
            String secret = volume.at("/secret/secretName").asText();
            Manifests.stream(volume.at("/secret/items"))
                    .forEach(item ->
                            secret(manifests, workload, secret, item.path("key").asText(), faults));
            faults.check(secret.isEmpty() || volume.at("/secret/items").size() > 0, workload, "mounts all of a Secret");
            String map = volume.at("/configMap/name").asText();
            faults.check(
                    map.isEmpty() || manifests.find("ConfigMap", map).isPresent(),
                    workload,
                    "ConfigMap '%s' is not there",
                    map);
        });
        Manifests.containers(workload).forEach(container -> Stream.of("startupProbe", "readinessProbe", "livenessProbe")
                .flatMap(probe ->
                        Stream.of(container.at("/" + probe + "/httpGet"), container.at("/" + probe + "/tcpSocket")))
                .filter(asked -> !asked.isMissingNode())
                .forEach(asked -> faults.check(
                        hasPort(container, asked.path("port")), workload, "a probe asks port %s", asked.path("port"))));
        if (workload.path("kind").asText().equals("StatefulSet")) {
            String name = workload.at("/spec/serviceName").asText();
            faults.check(manifests.find("Service", name).isPresent(), workload, "Service '%s' is not there", name);
        }
    }

    private static void service(Manifests manifests, JsonNode service, Faults faults) {
        faults.check(
                service.at("/spec/type").asText("ClusterIP").equals("ClusterIP"),
                service,
                "is open to the outside, past the Ingress");
        Manifests.stream(service.at("/spec/ports"))
                .filter(port -> port.path("targetPort").isTextual())
                .forEach(port -> faults.check(
                        port.path("name").equals(port.path("targetPort")),
                        service,
                        "port %s leads to %s",
                        port.path("name"),
                        port.path("targetPort")));
        JsonNode selector = service.at("/spec/selector");
        if (selector.has("app")
                && manifests
                        .find(
                                "Keycloak",
                                selector.path("app.kubernetes.io/instance").asText())
                        .isPresent()) {
            return; // the operator's pods
        }
        var workloads = selected(manifests, selector).toList();
        faults.check(workloads.size() == 1, service, "leads to the pods of %s workloads", workloads.size());
        workloads.forEach(workload -> Manifests.stream(service.at("/spec/ports"))
                .forEach(port -> faults.check(
                        Manifests.containers(workload)
                                .anyMatch(container -> hasPort(container, port.path("targetPort"))),
                        service,
                        "no container has the port %s",
                        port.path("targetPort"))));
    }

    private static void scaler(Manifests manifests, JsonNode scaler, Faults faults) {
        Manifests.stream(scaler.at("/spec/metrics"))
                .map(metric -> metric.at("/resource/name").asText())
                .forEach(name -> faults.check(
                        name.equals("cpu") || name.equals("memory"), scaler, "there is no resource '%s'", name));
        JsonNode target = scaler.at("/spec/scaleTargetRef");
        var found =
                manifests.find(target.path("kind").asText(), target.path("name").asText());
        faults.check(
                found.isPresent() && found.get().path("apiVersion").equals(target.path("apiVersion")),
                scaler,
                "there is no %s",
                target);
        found.ifPresent(workload -> faults.check(
                !workload.path("spec").has("replicas"), scaler, "each apply would undo what it did: replicas are set"));
        faults.check(
                scaler.at("/spec/minReplicas").asInt(1) >= 2
                        && scaler.at("/spec/minReplicas").asInt(1)
                                <= scaler.at("/spec/maxReplicas").asInt(),
                scaler,
                "there are fewer than two instances, or more than there may be");
    }

    private static void ingress(Manifests manifests, JsonNode ingress, Faults faults) {
        Set<String> hosts = Manifests.stream(ingress.at("/spec/rules"))
                .map(rule -> rule.path("host").asText())
                .collect(Collectors.toSet());
        Manifests.stream(ingress.at("/spec/rules"))
                .flatMap(rule -> Manifests.stream(rule.at("/http/paths")))
                .forEach(path -> {
                    JsonNode backend = path.at("/backend/service");
                    boolean there = manifests
                            .find("Service", backend.path("name").asText())
                            .stream()
                            .flatMap(service -> Manifests.stream(service.at("/spec/ports")))
                            .anyMatch(port -> port.path("name").equals(backend.at("/port/name")));
                    faults.check(there, ingress, "there is no %s", backend);
                    faults.check(
                            backend.path("name").asText().equals("nginx")
                                    && !backend.at("/port/name").asText().equals("internal"),
                            ingress,
                            "leads past nginx, or through its inner door");
                });
        Manifests.stream(ingress.at("/spec/tls")).forEach(tls -> {
            String secret = tls.path("secretName").asText();
            secret(manifests, ingress, secret, "tls.key", faults);
            Set<String> covered = manifests
                    .ofKind("Certificate")
                    .filter(one -> one.at("/spec/secretName").asText().equals(secret))
                    .flatMap(one -> Manifests.stream(one.at("/spec/dnsNames")))
                    .map(JsonNode::asText)
                    .collect(Collectors.toSet());
            Manifests.stream(tls.path("hosts"))
                    .map(JsonNode::asText)
                    .forEach(host -> faults.check(covered.contains(host), ingress, "no certificate is for %s", host));
            hosts.removeAll(
                    Manifests.stream(tls.path("hosts")).map(JsonNode::asText).toList());
        });
        faults.check(hosts.isEmpty(), ingress, "%s are without TLS", hosts);
        manifests.find("ConfigMap", edge(manifests)).ifPresent(edge -> {
            for (String url : new String[] {"SSO_BASE_URL", "SSO_KEYCLOAK_URL"}) {
                String host = edge.at("/data/" + url).asText().replaceFirst("https://", "");
                boolean known = Manifests.stream(ingress.at("/spec/rules"))
                        .anyMatch(rule -> rule.path("host").asText().equals(host));
                faults.check(known, ingress, "%s is at another host: '%s'", url, host);
            }
        });
    }

    private static String edge(Manifests manifests) {
        return manifests
                .find("Deployment", "nginx")
                .map(nginx -> Manifests.pod(nginx)
                        .at("/containers/0/envFrom/0/configMapRef/name")
                        .asText())
                .orElse("");
    }

    private static void monitor(Manifests manifests, JsonNode monitor, Faults faults) {
        JsonNode selector = monitor.at("/spec/selector/matchLabels");
        var services = manifests
                .ofKind("Service")
                .filter(service -> matches(selector, Manifests.texts(service.at("/metadata/labels"))))
                .toList();
        faults.check(services.size() == 1, monitor, "watches %s Services", services.size());
        services.forEach(
                service -> Manifests.stream(monitor.at("/spec/endpoints")).forEach(endpoint -> {
                    boolean there = Manifests.stream(service.at("/spec/ports"))
                            .anyMatch(port -> port.path("name").equals(endpoint.path("port")));
                    faults.check(there, monitor, "the Service has no port %s", endpoint.path("port"));
                }));
    }

    private static void realm(Manifests manifests, JsonNode realm, Faults faults) {
        String keycloak = realm.at("/spec/keycloakCRName").asText();
        faults.check(manifests.find("Keycloak", keycloak).isPresent(), realm, "there is no Keycloak '%s'", keycloak);
        JsonNode placeholders = realm.at("/spec/placeholders");
        placeholders.forEach(one -> secret(
                manifests,
                realm,
                one.at("/secret/name").asText(),
                one.at("/secret/key").asText(),
                faults));
        java.util.regex.Pattern.compile("\\$\\{([A-Z][A-Z_0-9]*)}")
                .matcher(realm.at("/spec/realm").toString())
                .results()
                .map(match -> match.group(1))
                .distinct()
                .forEach(used -> faults.check(placeholders.has(used), realm, "nothing stands for ${%s}", used));
        boolean people = Manifests.stream(realm.at("/spec/realm/users")).anyMatch(user -> user.has("credentials"));
        faults.check(!people, realm, "has demo accounts");
    }

    /** Workloads of which this selector finds the pods. */
    static Stream<JsonNode> selected(Manifests manifests, JsonNode selector) {
        return manifests.workloads().filter(workload -> matches(selector, Manifests.podLabels(workload)));
    }

    /** An empty selector is one of everything here, and never meant. */
    static boolean matches(JsonNode selector, Map<String, String> labels) {
        return !selector.isEmpty()
                && labels.entrySet().containsAll(Manifests.texts(selector).entrySet());
    }

    static boolean hasPort(JsonNode container, JsonNode port) {
        return Manifests.stream(container.path("ports"))
                .anyMatch(own -> port.isNumber()
                        ? own.path("containerPort").asInt() == port.asInt()
                        : own.path("name").equals(port));
    }
}

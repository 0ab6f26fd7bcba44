package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this system in particular needs: every service of infra/services, whole, and what the rest of infra says of it. */
final class Fleet {

    /** Names of infra/services. */
    static final Set<String> SERVICES = Shell.read(Shell.REPOSITORY.resolve("infra/services"))
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(" ")[0])
            .collect(Collectors.toCollection(TreeSet::new));

    private static final Pattern ROOT = Pattern.compile("(?m)^quarkus\\.http\\.root-path=(.*)$");
    /** Names are cached for half a minute on their way to nginx. */
    private static final int SECONDS_OF_A_NAME = 31;

    private static final Map<String, String> PROBES =
            Map.of("startupProbe", "started", "readinessProbe", "ready", "livenessProbe", "live");

    private Fleet() {}

    static boolean isService(JsonNode workload) {
        return "service".equals(Manifests.podLabels(workload).get("app.kubernetes.io/component"));
    }

    static void check(Manifests manifests, Faults faults) {
        JsonNode first = manifests
                .ofKind("Namespace")
                .findFirst()
                .orElse(manifests.objects().get(0));
        String namespace = Manifests.name(first);
        manifests.objects().stream()
                .filter(object -> !Manifests.kind(object).equals("Namespace"))
                .forEach(object -> faults.check(
                        object.at("/metadata/namespace").asText().equals(namespace),
                        object,
                        "is in another namespace"));
        Set<String> titles = new TreeSet<>();
        manifests
                .objects()
                .forEach(object -> faults.check(titles.add(Manifests.title(object)), object, "is there twice"));

        faults.check(
                Set.of("restricted", "baseline")
                        .contains(first.at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                                .asText()),
                first,
                "takes pods of any kind");
        manifests
                .find("Service", "kafka")
                .ifPresent(kafka -> faults.check(
                        kafka.at("/spec/publishNotReadyAddresses").asBoolean(),
                        kafka,
                        "the broker calls itself by this name before it is ready, and never gets ready"));
        for (String service : SERVICES) {
            service(manifests, first, service, faults);
        }
        manifests
                .ofKind("Deployment")
                .filter(Fleet::isService)
                .forEach(deployment -> faults.check(
                        SERVICES.contains(Manifests.name(deployment).replace("-service", "")),
                        deployment,
                        "is none of infra/services"));
        manifests
                .find("Deployment", "nginx")
                .ifPresentOrElse(
                        nginx -> {
                            rollsOut(nginx, 10, faults);
                            whole(manifests, nginx, Stream.of("Service", "PodDisruptionBudget"), faults);
                        },
                        () -> faults.add(first, "there is no nginx"));
        addresses(manifests, faults);
        production(manifests, faults);
    }

    private static void service(Manifests manifests, JsonNode first, String service, Faults faults) {
        String name = service + "-service";
        manifests
                .find("Deployment", name)
                .ifPresentOrElse(
                        deployment -> {
                            whole(
                                    manifests,
                                    deployment,
                                    Stream.of(
                                            "Service",
                                            "HorizontalPodAutoscaler",
                                            "PodDisruptionBudget",
                                            "ServiceAccount"),
                                    faults);
                            rollsOut(deployment, SECONDS_OF_A_NAME, faults);
                            JsonNode container = Manifests.pod(deployment).at("/containers/0");
                            String root = root(name);
                            PROBES.forEach((probe, question) -> faults.check(
                                    container
                                            .at("/" + probe + "/httpGet/path")
                                            .asText()
                                            .equals(root + "/q/health/" + question),
                                    deployment,
                                    "%s asks for %s",
                                    probe,
                                    container.at("/" + probe + "/httpGet/path")));
                            faults.check(
                                    container.path("image").asText().matches("(.*/)?sso-" + name + "[:@].*"),
                                    deployment,
                                    "runs %s",
                                    container.path("image"));
                            own(deployment, container, service, faults);
                            Set<String> spreads = Manifests.stream(
                                            Manifests.pod(deployment).path("topologySpreadConstraints"))
                                    .map(spread -> spread.path("topologyKey").asText())
                                    .collect(Collectors.toSet());
                            faults.check(
                                    spreads.containsAll(
                                            Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname")),
                                    deployment,
                                    "is not spread over zones and nodes");
                        },
                        () -> faults.add(first, "there is no %s", name));
        manifests
                .find("Service", name)
                .ifPresent(found -> faults.check(
                        found.at("/spec/clusterIP").asText().equals("None")
                                && found.at("/spec/ports/0/port").asInt() == 8080,
                        found,
                        "nginx asks for the addresses of instances, at port 8080"));
    }

    /** Its own user of Redis, its own client at the provider. */
    private static void own(JsonNode deployment, JsonNode container, String service, Faults faults) {
        String upper = service.toUpperCase(java.util.Locale.ROOT);
        Manifests.stream(container.path("env")).forEach(variable -> {
            String key = variable.at("/valueFrom/secretKeyRef/key").asText();
            switch (variable.path("name").asText()) {
                case "SSO_OWN_CLIENT_SECRET" ->
                    faults.check(
                            key.equals("SSO_" + upper + "_CLIENT_SECRET"), deployment, "has the client secret %s", key);
                case "PASSWORD_OF_REDIS" ->
                    faults.check(
                            key.equals("REDIS_" + upper + "_SERVICE_PASSWORD"), deployment, "has the password %s", key);
                case "QUARKUS_REDIS_HOSTS" ->
                    faults.check(
                            variable.path("value").asText().contains("://" + service + "-service:"),
                            deployment,
                            "is somebody else at Redis: %s",
                            variable.path("value"));
                case "SSO_COOKIE_SECRETS", "SSO_ENCRYPTION_KEYS", "SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET" ->
                    faults.check(
                            key.equals(variable.path("name").asText()),
                            deployment,
                            "%s is %s",
                            variable.path("name"),
                            key);
                default -> {}
            }
        });
    }

    private static void whole(Manifests manifests, JsonNode workload, Stream<String> kinds, Faults faults) {
        kinds.forEach(kind -> {
            boolean there = kind.equals("HorizontalPodAutoscaler")
                    ? manifests.ofKind(kind).anyMatch(one -> one.at("/spec/scaleTargetRef/name")
                            .asText()
                            .equals(Manifests.name(workload)))
                    : kind.equals("PodDisruptionBudget")
                            ? manifests
                                    .ofKind(kind)
                                    .anyMatch(one -> References.matches(
                                            one.at("/spec/selector/matchLabels"), Manifests.podLabels(workload)))
                            : manifests.find(kind, Manifests.name(workload)).isPresent();
            faults.check(there, workload, "has no %s", kind);
        });
        manifests
                .ofKind("PodDisruptionBudget")
                .filter(one -> References.matches(one.at("/spec/selector/matchLabels"), Manifests.podLabels(workload)))
                .forEach(one -> faults.check(
                        one.at("/spec/maxUnavailable").asInt() >= 1, one, "no node could ever be emptied"));
    }

    private static void rollsOut(JsonNode deployment, int before, Faults faults) {
        JsonNode rolling = deployment.at("/spec/strategy/rollingUpdate");
        faults.check(
                rolling.path("maxUnavailable").asInt(-1) == 0
                        && rolling.path("maxSurge").asInt() >= 1,
                deployment,
                "an instance leaves before the next one is there");
        int seconds = Manifests.pod(deployment)
                .at("/containers/0/lifecycle/preStop/sleep/seconds")
                .asInt();
        faults.check(seconds >= before, deployment, "ends after %s s, when others still know its address", seconds);
    }

    /** The services, nginx and Keycloak have one opinion of their addresses. */
    private static void addresses(Manifests manifests, Faults faults) {
        JsonNode services = map(manifests, "services");
        JsonNode edge = map(manifests, "edge");
        if (services.isMissingNode() || edge.isMissingNode()) {
            return; // said already
        }
        String base = services.path("SSO_BASE_URL").asText();
        String keycloak = edge.path("SSO_KEYCLOAK_URL").asText();
        JsonNode nginx = manifests.find("Deployment", "nginx").orElse(services);
        faults.check(edge.path("SSO_BASE_URL").asText().equals(base), nginx, "has another base URL than the services");
        faults.check(
                services.path("DIRECTORY_ISSUER").asText().equals(keycloak + "/realms/sso"),
                nginx,
                "DIRECTORY_ISSUER is not Keycloak's");
        boolean here = base.contains("localhost") && keycloak.contains("localhost");
        faults.check(
                edge.path("SSO_BIND").asText().equals("127.0.0.1") == here,
                nginx,
                "SSO_BIND is %s: who may have demo accounts?",
                edge.path("SSO_BIND"));
        faults.check(here || base.startsWith("https://"), nginx, "has no https");
        manifests
                .ofKind("Keycloak")
                .forEach(one -> faults.check(
                        one.at("/spec/hostname/hostname").asText().equals(keycloak), one, "is not at %s", keycloak));
        manifests
                .find("Secret", realmAddresses(manifests))
                .ifPresent(secret -> faults.check(
                        decoded(secret, "SSO_BASE_URL").equals(base), secret, "the realm has another base URL"));
    }

    private static void production(Manifests manifests, Faults faults) {
        if (manifests.ofKind("Kafka").findAny().isEmpty()) {
            return;
        }
        manifests
                .ofKind("Secret")
                .filter(secret -> !Manifests.name(secret).equals(realmAddresses(manifests)))
                .forEach(secret -> faults.add(secret, "a secret stands in the manifests"));
        JsonNode services = map(manifests, "services");
        manifests.ofKind("Kafka").forEach(kafka -> {
            faults.check(kafka.at("/spec/kafka/rack/topologyKey").isTextual(), kafka, "does not know its zones");
            faults.check(kafka.at("/spec/kafka/authorization/type").asText().equals("simple"), kafka, "keeps no rules");
            JsonNode listener = kafka.at("/spec/kafka/listeners/0");
            faults.check(
                    listener.path("tls").asBoolean()
                            && listener.at("/authentication/type").asText().equals("scram-sha-512"),
                    kafka,
                    "is open");
            faults.check(
                    services.path("KAFKA_BOOTSTRAP_SERVERS")
                            .asText()
                            .equals(Manifests.name(kafka) + "-kafka-bootstrap:"
                                    + listener.path("port").asInt()),
                    kafka,
                    "the services look for it at %s",
                    services.path("KAFKA_BOOTSTRAP_SERVERS"));
            faults.check(
                    services.path("KAFKA_SECURITY_PROTOCOL").asText().equals("SASL_SSL"),
                    kafka,
                    "is spoken to in the clear");
            faults.check(
                    services.path("KAFKA_SASL_MECHANISM").asText().equals("SCRAM-SHA-512"),
                    kafka,
                    "knows another mechanism");
        });
        manifests.ofKind("Kafka").map(kafka -> kafka.at("/spec/kafka/config")).forEach(config -> {
            int copies = config.path("default.replication.factor").asInt();
            faults.check(
                    copies == 3 && config.path("min.insync.replicas").asInt() == copies - 1,
                    services(manifests),
                    "Kafka: one of three brokers may be away, and no more");
        });
        manifests
                .ofKind("KafkaTopic")
                .forEach(topics -> faults.check(
                        topics.at("/spec/config/min.insync.replicas").asInt()
                                < topics.at("/spec/replicas").asInt(),
                        topics,
                        "no broker may be unavailable"));
        manifests
                .ofKind("KafkaNodePool")
                .forEach(pool ->
                        faults.check(pool.at("/spec/replicas").asInt() >= 3, pool, "has fewer than three nodes"));
        var topic = manifests.find("KafkaTopic", "session-events");
        faults.check(topic.isPresent(), services(manifests), "there is no topic session-events");
        topic.ifPresent(found -> faults.check(
                found.at("/spec/partitions").asInt() == 1
                        && found.at("/spec/replicas").asInt() == 3,
                found,
                "one partition is read, and three brokers have it"));
        manifests.ofKind("KafkaUser").forEach(user -> {
            Set<String> operations = Manifests.stream(user.at("/spec/authorization/acls"))
                    .peek(rule -> faults.check(
                            rule.at("/resource/name").asText().equals("session-events"), user, "has rights elsewhere"))
                    .flatMap(rule -> Manifests.stream(rule.path("operations")))
                    .map(JsonNode::asText)
                    .collect(Collectors.toSet());
            faults.check(operations.equals(Set.of("Read", "Write", "Describe")), user, "may %s", operations);
        });
        faults.check(
                services.path("REDIS_SCHEME").asText().equals("rediss"),
                services(manifests),
                "Redis is spoken to in the clear");
        for (String file : new String[] {"KAFKA_SSL_TRUSTSTORE_LOCATION", "QUARKUS_TLS_REDIS_TRUST_STORE_PEM_CERTS"}) {
            String path = services.path(file).asText();
            manifests
                    .ofKind("Deployment")
                    .filter(Fleet::isService)
                    .forEach(deployment -> faults.check(
                            Manifests.stream(Manifests.pod(deployment).at("/containers/0/volumeMounts"))
                                    .anyMatch(mount ->
                                            path.equals(mount.path("mountPath").asText() + "/ca.crt")),
                            deployment,
                            "%s: nothing is mounted at '%s'",
                            file,
                            path));
        }
        alerts(manifests, faults);
    }

    private static void alerts(Manifests manifests, Faults faults) {
        try {
            JsonNode groups = new ObjectMapper(new YAMLFactory())
                    .readTree(Shell.read(Shell.REPOSITORY.resolve("infra/observability/alerts.yaml")))
                    .path("groups");
            manifests
                    .ofKind("PrometheusRule")
                    .forEach(rule -> faults.check(
                            rule.at("/spec/groups").equals(groups),
                            rule,
                            "is another than infra/observability/alerts.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String service : SERVICES) {
            boolean watched = manifests.find("ServiceMonitor", service + "-service").stream()
                    .anyMatch(monitor ->
                            monitor.at("/spec/endpoints/0/path").asText().equals("/" + service + "/q/metrics"));
            faults.check(watched, services(manifests), "nobody watches %s", service);
        }
    }

    /** The object that a fault of the whole is told of. */
    private static JsonNode services(Manifests manifests) {
        return manifests
                .ofKind("Namespace")
                .findFirst()
                .orElse(manifests.objects().get(0));
    }

    private static String realmAddresses(Manifests manifests) {
        return manifests
                .ofKind("KeycloakRealmImport")
                .map(realm ->
                        realm.at("/spec/placeholders/SSO_BASE_URL/secret/name").asText())
                .findFirst()
                .orElse("");
    }

    private static String decoded(JsonNode secret, String key) {
        return new String(java.util.Base64.getMimeDecoder()
                .decode(secret.at("/data/" + key).asText()));
    }

    /** The data of the ConfigMap that is called so, with a hash behind. */
    private static JsonNode map(Manifests manifests, String name) {
        return manifests
                .ofKind("ConfigMap")
                .filter(map -> Manifests.name(map).matches(name + "(-[a-z0-9]{10})?"))
                .map(map -> map.path("data"))
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }

    private static String root(String name) {
        Matcher root =
                ROOT.matcher(Shell.read(Shell.REPOSITORY.resolve(name + "/src/main/resources/application.properties")));
        return root.find() ? root.group(1).strip() : "";
    }
}

package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What containers are told: variables that somebody reads, from maps and secrets that are there, and all that is needed. */
final class Settings {

    private static final Pattern DOCUMENTED = Pattern.compile("\\| `([A-Z][A-Z_<>]+)` \\|");
    /** A Service of this namespace is one word; other hosts have dots. */
    private static final Pattern INSIDE = Pattern.compile("(?<![\\w.-])([a-z][a-z0-9-]*):(\\d{2,5})(?=[/,]|$)");

    private static final Pattern USE = Pattern.compile("\\$\\(([A-Za-z_]\\w*)\\)");
    private static final Pattern READ_BY_SCRIPT = Pattern.compile("\\$\\{?([A-Z][A-Z0-9_]+)");

    /** Quarkus' own and Kafka's, of which no page of ours has a list. */
    private static final Set<String> OF_OTHERS = Set.of(
            "QUARKUS_REDIS_HOSTS",
            "QUARKUS_REDIS_TLS_CONFIGURATION_NAME",
            "QUARKUS_TLS_REDIS_TRUST_STORE_PEM_CERTS",
            "QUARKUS_TLS_REDIS_HOSTNAME_VERIFICATION_ALGORITHM",
            "QUARKUS_REST_CLIENT_USERS_URL",
            "QUARKUS_SHUTDOWN_TIMEOUT",
            "QUARKUS_LOG_CONSOLE_JSON_ENABLED",
            "QUARKUS_OTEL_SDK_DISABLED",
            "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
            "QUARKUS_OTEL_TRACES_SAMPLER_ARG",
            "KAFKA_BOOTSTRAP_SERVERS",
            "KAFKA_SECURITY_PROTOCOL",
            "KAFKA_SASL_MECHANISM",
            "KAFKA_SASL_JAAS_CONFIG",
            "KAFKA_SSL_TRUSTSTORE_TYPE",
            "KAFKA_SSL_TRUSTSTORE_LOCATION",
            "JDK_JAVA_OPTIONS");

    private static final Set<String> OF_EVERY_SERVICE = Set.of(
            "SSO_BASE_URL",
            "SSO_COOKIE_SECRETS",
            "SSO_ENCRYPTION_KEYS",
            "SSO_PROVIDERS_KEYCLOAK_URL",
            "SSO_PROVIDERS_KEYCLOAK_CLIENT_ID",
            "SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET",
            "SSO_OWN_CLIENT_SECRET",
            "SSO_DOWNSTREAM_ALLOWED_URLS",
            "SSO_TRUSTED_PROXIES",
            "DIRECTORY_URL",
            "DIRECTORY_ISSUER",
            "LAYOUT_SERVICES",
            "QUARKUS_REDIS_HOSTS",
            "QUARKUS_SHUTDOWN_TIMEOUT",
            "KAFKA_BOOTSTRAP_SERVERS",
            "KAFKA_SECURITY_PROTOCOL",
            "KAFKA_SASL_MECHANISM",
            "KAFKA_SASL_JAAS_CONFIG");

    private static final Set<Pattern> SETTINGS =
            all(DOCUMENTED, Shell.read(Shell.REPOSITORY.resolve("docs/configuration.md"))).stream()
                    .map(name -> Pattern.compile(name.replace("<NAME>", "[A-Z0-9_]+")))
                    .collect(Collectors.toSet());

    private static final Set<String> OF_SCRIPTS = ofScripts();

    private Settings() {}

    static void check(Manifests manifests, Faults faults) {
        manifests.workloads().forEach(workload -> Manifests.containers(workload)
                .forEach(container -> container(manifests, workload, container, faults)));
    }

    private static void container(Manifests manifests, JsonNode workload, JsonNode container, Faults faults) {
        boolean service = Fleet.isService(workload);
        Map<String, String> told = new HashMap<>();
        Manifests.stream(container.path("envFrom")).forEach(from -> {
            faults.check(from.has("configMapRef"), workload, "takes all of a Secret as variables");
            String name = from.at("/configMapRef/name").asText();
            manifests
                    .find("ConfigMap", name)
                    .ifPresentOrElse(
                            map -> told.putAll(Manifests.texts(map.path("data"))),
                            () -> faults.add(workload, "ConfigMap '%s' is not there", name));
        });
        Set<String> helpers = new HashSet<>();
        Manifests.stream(container.path("env")).forEach(variable -> {
            String name = variable.path("name").asText();
            JsonNode secret = variable.at("/valueFrom/secretKeyRef");
            String value = variable.path("value").asText();
            if (!secret.isMissingNode()) {
                References.secret(
                        manifests,
                        workload,
                        secret.path("name").asText(),
                        secret.path("key").asText(),
                        faults);
            } else {
                faults.check(variable.has("value"), workload, "%s has no value", name);
                faults.check(!isSecret(name) || value.contains("$("), workload, "%s is a secret in plain sight", name);
                all(USE, value).forEach(used -> {
                    helpers.add(used);
                    faults.check(told.containsKey(used), workload, "%s uses %s, which is not set before", name, used);
                });
            }
            faults.check(told.put(name, value) == null || !service, workload, "%s is set twice", name);
        });
        told.forEach((name, value) -> faults.check(
                helpers.contains(name) || (service ? isSetting(name) : OF_SCRIPTS.contains(name)),
                workload,
                "nobody reads %s",
                name));
        (service ? OF_EVERY_SERVICE : neededBy(Manifests.name(workload)))
                .stream()
                        .filter(needed -> !told.containsKey(needed))
                        .forEach(needed -> faults.add(workload, "%s is not set", needed));
        if (service) {
            addresses(workload, told, faults);
            inside(manifests, workload, told, faults);
        }
    }

    private static void inside(Manifests manifests, JsonNode workload, Map<String, String> told, Faults faults) {
        told.forEach((name, value) -> INSIDE.matcher(value).results().forEach(address -> {
            boolean there = manifests.find("Service", address.group(1)).stream()
                    .flatMap(service -> Manifests.stream(service.at("/spec/ports")))
                    .anyMatch(port -> port.path("port").asText().equals(address.group(2)));
            boolean kafkas = manifests.ofKind("Kafka").anyMatch(kafka -> address.group(1)
                    .equals(Manifests.name(kafka) + "-kafka-bootstrap"));
            faults.check(there || kafkas, workload, "%s: there is no Service %s", name, address.group());
        }));
    }

    private static void addresses(JsonNode workload, Map<String, String> told, Faults faults) {
        String base = told.getOrDefault("SSO_BASE_URL", "");
        faults.check(
                base.matches("https://[a-z0-9.-]+|http://([a-z0-9-]+\\.)*localhost(:\\d+)?"),
                workload,
                "SSO_BASE_URL '%s' is none: https, or this machine",
                base);
        faults.check(
                told.getOrDefault("SSO_DOWNSTREAM_ALLOWED_URLS", "").startsWith("http://nginx:8183/"),
                workload,
                "tokens go elsewhere than to nginx' inner door");
        faults.check(
                Fleet.SERVICES.equals(
                        Set.of(told.getOrDefault("LAYOUT_SERVICES", "").split(","))),
                workload,
                "LAYOUT_SERVICES are not those of infra/services");
    }

    private static boolean isSetting(String name) {
        return OF_OTHERS.contains(name)
                || SETTINGS.stream().anyMatch(setting -> setting.matcher(name).matches());
    }

    private static boolean isSecret(String name) {
        return name.matches(".*(SECRET|SECRETS|KEYS|PASSWORD|JAAS_CONFIG)$|PASSWORD_OF_.*");
    }

    /** What the entry points of the other images cannot do without. */
    private static Set<String> neededBy(String part) {
        return switch (part) {
            case "nginx" -> Set.of("SSO_BASE_URL", "SSO_KEYCLOAK_URL", "SSO_TLS", "SSO_BIND", "OWN_SECRETS");
            case "redis" -> ofServices("REDIS_", "_SERVICE_PASSWORD");
            case "kafka" -> Set.of("KAFKA_SERVICES_PASSWORD");
            case "keycloak" -> {
                Set<String> names = new HashSet<>(ofServices("SSO_", "_CLIENT_SECRET"));
                names.addAll(Set.of("SSO_BASE_URL", "SSO_KEYCLOAK_URL", "SSO_BIND", "KEYCLOAK_ADMIN_PASSWORD"));
                names.addAll(Set.of("SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET", "SSO_E2E_CLI_SECRET"));
                yield names;
            }
            default -> Set.of();
        };
    }

    private static Set<String> ofServices(String before, String after) {
        return Fleet.SERVICES.stream()
                .map(service -> before + service.toUpperCase(Locale.ROOT) + after)
                .collect(Collectors.toSet());
    }

    /** Variables that the entry points of the other images read. */
    private static Set<String> ofScripts() {
        Set<String> names = new HashSet<>();
        for (String file : new String[] {
            "docker/run",
            "docker/healthy",
            "lib/parts.sh",
            "lib/stack.sh",
            "keycloak/realm-sso.json",
            "keycloak/demo.json"
        }) {
            names.addAll(all(
                    READ_BY_SCRIPT, Shell.read(Shell.REPOSITORY.resolve("infra").resolve(file))));
        }
        names.addAll(ofServices("REDIS_", "_SERVICE_PASSWORD"));
        names.addAll(ofServices("SSO_", "_CLIENT_SECRET"));
        return names;
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}

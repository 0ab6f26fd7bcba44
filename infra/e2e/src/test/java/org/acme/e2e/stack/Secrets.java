package org.acme.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What {@code infra/up} made up for this stack. */
public final class Secrets {

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = values;
    }

    /** Those of another stack. */
    public static Secrets of(Path file) {
        return read(file);
    }

    static Secrets read(Path file) {
        Map<String, String> values = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0 && !line.startsWith("#")) {
                    values.put(
                            line.substring(0, equals).replaceFirst("^export ", ""),
                            line.substring(equals + 1).replaceAll("^(['\"])(.*)\\1$", "$2"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Secrets(values);
    }

    /** Every value by its name. */
    public Map<String, String> all() {
        return values;
    }

    /** The secret that signs cookies; the first of the list. */
    public String cookieSecret() {
        return get("SSO_COOKIE_SECRETS").split(",")[0].trim();
    }

    public String redisTestsPassword() {
        return get("REDIS_TESTS_PASSWORD");
    }

    public String kafkaServicesPassword() {
        return get("KAFKA_SERVICES_PASSWORD");
    }

    /** Of somebody whom Kafka knows, and to whom no rule gives anything. */
    public String kafkaTestsPassword() {
        return get("KAFKA_TESTS_PASSWORD");
    }

    public String redisGuestPassword() {
        return get("REDIS_GUEST_EXPRESS_PASSWORD");
    }

    public String redisPassword(String service) {
        return get("REDIS_" + service.toUpperCase(java.util.Locale.ROOT) + "_SERVICE_PASSWORD");
    }

    public String keycloakAdminUser() {
        return "admin";
    }

    public String keycloakAdminPassword() {
        return get("KEYCLOAK_ADMIN_PASSWORD");
    }

    /** Secret of one of the demo clients that take a password, of the session reader, or of a service's own client. */
    public String clientSecret(String client) {
        String name = client.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
        return get("SSO_" + name + (client.matches(".*-cli|session-reader") ? "_SECRET" : "_CLIENT_SECRET"));
    }

    private String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("secrets.env has no " + name + ", only " + values.keySet());
        }
        return value;
    }
}

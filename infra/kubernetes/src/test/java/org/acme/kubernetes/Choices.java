package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Words of which there are a few only, and numbers with units: the models take any text. */
final class Choices {

    private static final Map<String, Set<String>> WORDS = Map.ofEntries(
            Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent", "Never")),
            Map.entry("protocol", Set.of("TCP", "UDP", "SCTP")),
            Map.entry("pathType", Set.of("Prefix", "Exact", "ImplementationSpecific")),
            Map.entry("whenUnsatisfiable", Set.of("ScheduleAnyway", "DoNotSchedule")),
            Map.entry("policyTypes", Set.of("Ingress", "Egress")),
            Map.entry("accessModes", Set.of("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany")),
            Map.entry("roles", Set.of("controller", "broker")),
            Map.entry("medium", Set.of("", "Memory")),
            Map.entry("unhealthyPodEvictionPolicy", Set.of("AlwaysAllow", "IfHealthyBudget")),
            Map.entry("topologyKey", Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname")),
            Map.entry("operator", Set.of("In", "NotIn", "Exists", "DoesNotExist")));

    private static final Map<String, Set<String>> TYPES = Map.of(
            "strategy", Set.of("RollingUpdate", "Recreate"),
            "seccompProfile", Set.of("RuntimeDefault", "Localhost", "Unconfined"),
            "metrics", Set.of("Resource", "ContainerResource", "Pods", "Object", "External"),
            "target", Set.of("Utilization", "Value", "AverageValue"));

    private static final Set<String> QUANTITIES = Set.of("cpu", "memory", "storage", "sizeLimit");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    private Choices() {}

    static void check(Manifests manifests, Faults faults) {
        for (JsonNode object : manifests.objects()) {
            faults.check(
                    NAME.matcher(Manifests.name(object)).matches(), object, "'%s' is no name", Manifests.name(object));
            if (!Manifests.kind(object).equals("KeycloakRealmImport")) {
                walk(object, "", object, faults);
            }
        }
    }

    private static void walk(JsonNode object, String field, JsonNode at, Faults faults) {
        if (at.isObject()) {
            at.properties().forEach(child -> {
                if (child.getKey().equals("type") && TYPES.containsKey(field)) {
                    one(object, field + ".type", child.getValue(), TYPES.get(field), faults);
                }
                if (QUANTITIES.contains(child.getKey()) && child.getValue().isValueNode()) {
                    quantity(object, child.getKey(), child.getValue().asText(), faults);
                }
                walk(object, child.getKey(), child.getValue(), faults);
            });
        } else if (at.isArray()) {
            at.forEach(child -> walk(object, field, child, faults));
        } else if (WORDS.containsKey(field)) {
            one(object, field, at, WORDS.get(field), faults);
        }
    }

    private static void one(JsonNode object, String field, JsonNode word, Set<String> known, Faults faults) {
        faults.check(known.contains(word.asText()), object, "%s: %s is none of %s", field, word, known);
    }

    private static void quantity(JsonNode object, String field, String text, Faults faults) {
        try {
            faults.check(
                    Quantity.getAmountInBytes(new Quantity(text)).signum() > 0,
                    object,
                    "%s: %s is nothing",
                    field,
                    text);
        } catch (IllegalArgumentException e) {
            faults.add(object, "%s: '%s' is no quantity", field, text);
        }
    }
}

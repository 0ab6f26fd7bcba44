package org.acme.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Fields: that there are such, of that type, and none missing that has to be there. */
final class Types {

    /** Fields that a model does not know, it keeps in a map: without that map they are what they are, unknown. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new WithoutTheRest())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private static final Map<String, Class<?>> MODELS = Map.ofEntries(
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("v1/Secret", Secret.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
            Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
            Map.entry("kafka.strimzi.io/v1/Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
            Map.entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

    /** The second opinion knows what is needed, which the first does not. */
    private static final Map<String, NeedsFields> NEEDED = Map.ofEntries(
            Map.entry("ConfigMap", V1ConfigMap::validateJsonElement),
            Map.entry("Namespace", V1Namespace::validateJsonElement),
            Map.entry("PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement),
            Map.entry("Secret", V1Secret::validateJsonElement),
            Map.entry("Service", V1Service::validateJsonElement),
            Map.entry("ServiceAccount", V1ServiceAccount::validateJsonElement),
            Map.entry("Deployment", V1Deployment::validateJsonElement),
            Map.entry("StatefulSet", V1StatefulSet::validateJsonElement),
            Map.entry("HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement),
            Map.entry("Ingress", V1Ingress::validateJsonElement),
            Map.entry("NetworkPolicy", V1NetworkPolicy::validateJsonElement),
            Map.entry("PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement));

    /** No jar has these: our schemas, of the fields that we use. */
    private static final Map<String, JsonSchema> SCHEMAS = Map.of(
            "k8s.keycloak.org/v2beta1/Keycloak", schema("Keycloak"),
            "k8s.keycloak.org/v2beta1/KeycloakRealmImport", schema("KeycloakRealmImport"),
            "cert-manager.io/v1/Certificate", schema("Certificate"),
            "external-secrets.io/v1/ExternalSecret", schema("ExternalSecret"));

    private Types() {}

    @FunctionalInterface
    private interface NeedsFields {
        void validate(JsonElement object) throws IOException;
    }

    static void check(Manifests manifests, Faults faults) {
        manifests.objects().forEach(object -> check(object, faults));
    }

    private static void check(JsonNode object, Faults faults) {
        String type = object.path("apiVersion").asText() + "/" + Manifests.kind(object);
        faults.check(!Manifests.name(object).isEmpty(), object, "has no name");
        if (SCHEMAS.containsKey(type)) {
            SCHEMAS.get(type).validate(object).forEach(message -> faults.add(object, "%s", message.getMessage()));
            return;
        }
        Class<?> model = MODELS.get(type);
        if (model == null) {
            faults.add(object, "there is no %s", type);
            return;
        }
        try {
            kept(object, object, STRICT.valueToTree(STRICT.treeToValue(object, model)), faults);
        } catch (JsonProcessingException e) {
            faults.add(object, "%s", e.getMessage());
        }
        NeedsFields needed = NEEDED.get(Manifests.kind(object));
        if (needed != null) {
            try {
                needed.validate(JsonParser.parseString(object.toString()));
            } catch (IllegalArgumentException | IOException e) {
                faults.add(object, "%s", e.getMessage());
            }
        }
    }

    /** A word that a model does not know, some models drop without a word. */
    private static void kept(JsonNode object, JsonNode given, JsonNode read, Faults faults) {
        if (given.isValueNode()) {
            faults.check(given.asText().equals(read.asText()), object, "%s is not known here", given);
        }
        given.properties().stream()
                .filter(field -> !field.getKey().equals("apiVersion"))
                .forEach(field -> kept(object, field.getValue(), read.path(field.getKey()), faults));
        for (int i = 0; given.isArray() && i < given.size(); i++) {
            kept(object, given.get(i), read.path(i), faults);
        }
    }

    private static JsonSchema schema(String kind) {
        try (InputStream file = Types.class.getResourceAsStream("/schemas/" + kind + ".json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class WithoutTheRest extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }
}

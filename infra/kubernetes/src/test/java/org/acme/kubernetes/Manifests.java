package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a cluster would be given: the objects of one rendered overlay. */
record Manifests(List<JsonNode> objects) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static Manifests of(String yaml) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Manifests(documents.readAll());
        }
    }

    /** A copy of its own, to be changed. */
    Manifests copy() {
        return new Manifests(objects.stream().<JsonNode>map(JsonNode::deepCopy).toList());
    }

    Stream<JsonNode> ofKind(String... kinds) {
        List<String> wanted = List.of(kinds);
        return objects.stream().filter(object -> wanted.contains(kind(object)));
    }

    Optional<JsonNode> find(String kind, String name) {
        return ofKind(kind).filter(object -> name(object).equals(name)).findFirst();
    }

    /** Everything that has pods of ours. */
    Stream<JsonNode> workloads() {
        return ofKind("Deployment", "StatefulSet");
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    /** As people call it. */
    static String title(JsonNode object) {
        return kind(object) + "/" + name(object);
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static Map<String, String> podLabels(JsonNode workload) {
        return texts(workload.at("/spec/template/metadata/labels"));
    }

    static Stream<JsonNode> containers(JsonNode workload) {
        JsonNode pod = pod(workload);
        return Stream.concat(stream(pod.path("initContainers")), stream(pod.path("containers")));
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(array.elements(), 0), false);
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}

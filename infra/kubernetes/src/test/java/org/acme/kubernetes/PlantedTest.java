package org.acme.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks themselves: each mistake of planted.yaml is found, in the words that tell what is wrong. */
class PlantedTest {

    private static Map<String, Manifests> overlays;

    /**
     * One mistake.
     *
     * @param at into the object, as JSON Pointer; empty for the object itself
     * @param set what is put there, or null: it is removed
     * @param found is in what is said of it
     */
    record Planted(String overlay, String object, String at, JsonNode set, String found) {

        Manifests in(Manifests whole) {
            List<JsonNode> objects = new ArrayList<>(whole.copy().objects());
            JsonNode target = objects.stream()
                    // Generated names have a hash behind.
                    .filter(one -> Manifests.title(one).matches(object + "(-[a-z0-9]{10})?"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no " + object));
            if (at.isEmpty()) {
                objects.remove(target);
            } else {
                change(target);
            }
            return new Manifests(objects);
        }

        private void change(JsonNode target) {
            JsonPointer pointer = JsonPointer.compile(at);
            JsonNode parent = target.at(pointer.head());
            String last = pointer.last().getMatchingProperty();
            assertThat(set != null || !target.at(pointer).isMissingNode())
                    .as("there is nothing at %s", at)
                    .isTrue();
            if (parent instanceof ArrayNode array) {
                if (last.equals("-")) {
                    array.add(set);
                } else if (set == null) {
                    array.remove(Integer.parseInt(last));
                } else {
                    array.set(Integer.parseInt(last), set);
                }
            } else if (set == null) {
                ((ObjectNode) parent).remove(last);
            } else {
                ((ObjectNode) parent).set(last, set);
            }
        }
    }

    @BeforeAll
    static void render() {
        overlays = Overlays.NAMES.stream().collect(Collectors.toMap(name -> name, Overlays::render));
    }

    static Stream<Planted> planted() throws IOException {
        try (InputStream file = PlantedTest.class.getResourceAsStream("/planted.yaml")) {
            Planted[] all = new ObjectMapper(new YAMLFactory()).readValue(file, Planted[].class);
            assertThat(all).hasSizeGreaterThan(100);
            return Stream.of(all);
        }
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("A mistake in the manifests is found")
    void planted(Planted mistake) {
        List<String> faults = Checks.faults(mistake.in(overlays.get(mistake.overlay())));
        assertThat(faults).anySatisfy(fault -> assertThat(fault).contains(mistake.found()));
    }
}

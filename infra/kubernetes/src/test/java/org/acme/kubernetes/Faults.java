package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What is wrong, in words, with the object that has it. */
final class Faults {

    private final List<String> found = new ArrayList<>();

    void add(JsonNode object, String fault, Object... values) {
        found.add(Manifests.title(object) + ": " + fault.formatted(values));
    }

    void check(boolean good, JsonNode object, String fault, Object... values) {
        if (!good) {
            add(object, fault, values);
        }
    }

    List<String> found() {
        return List.copyOf(found);
    }
}

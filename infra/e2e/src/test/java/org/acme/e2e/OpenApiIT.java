package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the services say about their APIs. */
@ExtendWith(OnTheStack.class)
class OpenApiIT {

    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#([^\"]+)\"");
    private static final Pattern REFUSED = Pattern.compile("[45]..");

    private static JsonNode document(Stack stack, String service) {
        Answer answer = new Visitor(stack.base())
                .get(stack.instances(service).get(0).url("/" + service + "/q/openapi?format=json"), Visitor.SCRIPT);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "projects"})
    @DisplayName(
            "A1 A2 each operation says which credentials count, and answers problems to whom it refuses; no page is there")
    void eachOperationIsWhole(String service, Stack stack) {
        JsonNode document = document(stack, service);
        assertThat(document.path("openapi").asText()).startsWith("3.");
        assertThat(document.path("paths")).isNotEmpty();
        document.path("paths").properties().forEach(path -> {
            boolean forServices = path.getKey().startsWith("/" + service + "/service/");
            assertThat(path.getKey()).matches("/" + service + "/(api|service)/.*");
            path.getValue().properties().stream()
                    .filter(field -> field.getValue().has("responses"))
                    .forEach(operation -> {
                        Map<String, JsonNode> credentials = new TreeMap<>();
                        operation.getValue().path("security").forEach(one -> one.properties()
                                .forEach(scheme -> credentials.put(scheme.getKey(), scheme.getValue())));
                        assertThat(credentials.keySet())
                                .as("%s %s", operation.getKey(), path.getKey())
                                .isEqualTo(forServices ? Set.of("bearer") : Set.of("bearer", "session"));
                        JsonNode answers = operation.getValue().path("responses");
                        assertThat(answers.has("401") && answers.has("403") && answers.has("503"))
                                .isTrue();
                        answers.properties().stream()
                                .filter(answer ->
                                        REFUSED.matcher(answer.getKey()).matches())
                                .forEach(answer -> assertThat(
                                                answer.getValue().path("$ref").asText())
                                        .isEqualTo("#/components/responses/Problem"));
                    });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "projects"})
    @DisplayName("A1 whatever a document refers to is in it, and nothing of the insides of Java or Vert.x")
    void nothingIsMissingAndNothingLeaks(String service, Stack stack) {
        JsonNode document = document(stack, service);
        Set<String> reached = new HashSet<>();
        follow(document.path("paths"), document, reached);
        assertThat(reached).isNotEmpty().allSatisfy(pointer -> assertThat(
                        document.at(pointer).isMissingNode())
                .as(pointer)
                .isFalse());
        Set<String> schemas = new HashSet<>();
        document.at("/components/schemas").fieldNames().forEachRemaining(schemas::add);
        assertThat(schemas)
                .allSatisfy(schema -> assertThat(reached).contains("/components/schemas/" + schema))
                .doesNotContain("Buffer", "ByteBuf", "RestResponse", "Template");
    }

    private static void follow(JsonNode from, JsonNode document, Set<String> reached) {
        REFERENCE
                .matcher(from.toString())
                .results()
                .map(found -> found.group(1))
                .filter(reached::add)
                .forEach(pointer -> follow(document.at(pointer), document, reached));
    }

    @Test
    @DisplayName("E1 nobody reads it through nginx")
    void notInPublic(Stack stack) {
        for (String path : List.of("/users/q/openapi", "/projects/q/openapi", "/users/q/swagger-ui/")) {
            assertThat(new Visitor(stack.base()).get(path, Visitor.SCRIPT).status())
                    .as(path)
                    .isEqualTo(404);
        }
    }
}

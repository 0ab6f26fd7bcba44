package org.acme.session.internal.http;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;

/** The schemas that a document's operations lead to; others, such as a page's template, may lead to each other. */
final class UsedSchemas {

    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, Schema> all;
    private final Set<String> used = new HashSet<>();

    private UsedSchemas(Map<String, Schema> all) {
        this.all = all;
    }

    /** Leaves out all others. */
    static void keepIn(OpenAPI api) {
        if (api.getComponents() == null || api.getComponents().getSchemas() == null) {
            return;
        }
        UsedSchemas schemas = new UsedSchemas(api.getComponents().getSchemas());
        api.getPaths().getPathItems().values().forEach(item -> {
            Stream.ofNullable(item.getParameters())
                    .flatMap(List::stream)
                    .forEach(parameter -> schemas.follow(parameter.getSchema()));
            item.getOperations().values().forEach(schemas::follow);
        });
        List.copyOf(schemas.all.keySet()).stream()
                .filter(name -> !schemas.used.contains(name))
                .forEach(api.getComponents()::removeSchema);
    }

    private void follow(Operation operation) {
        Stream.ofNullable(operation.getParameters())
                .flatMap(List::stream)
                .forEach(parameter -> follow(parameter.getSchema()));
        if (operation.getRequestBody() != null) {
            follow(operation.getRequestBody().getContent());
        }
        operation.getResponses().getAPIResponses().values().forEach(answer -> follow(answer.getContent()));
    }

    private void follow(Content content) {
        if (content != null) {
            content.getMediaTypes().values().forEach(type -> follow(type.getSchema()));
        }
    }

    private void follow(Schema schema) {
        if (schema == null) {
            return;
        }
        if (schema.getRef() != null && schema.getRef().startsWith(REFERENCE)) {
            String name = schema.getRef().substring(REFERENCE.length());
            if (used.add(name)) {
                follow(all.get(name));
            }
        }
        follow(schema.getItems());
        follow(schema.getAdditionalPropertiesSchema());
        Stream.ofNullable(schema.getProperties())
                .flatMap(properties -> properties.values().stream())
                .forEach(this::follow);
        Stream.of(schema.getAllOf(), schema.getAnyOf(), schema.getOneOf())
                .filter(list -> list != null)
                .flatMap(List::stream)
                .forEach(this::follow);
    }
}

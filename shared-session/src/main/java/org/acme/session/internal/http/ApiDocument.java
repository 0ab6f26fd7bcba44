package org.acme.session.internal.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * Makes a service's OpenAPI document one of its APIs: pages and sign-in are for browsers and left out, each operation says
 * by {@link AcceptedCredentials} which credentials count, and whatever is refused is a problem document. For services with
 * quarkus-smallrye-openapi; others never load this class.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {

    private static final String BEARER = "bearer";
    private static final String SESSION = "session";
    private static final String PROBLEM = "Problem";

    /** What any operation may answer, besides what it says itself: RFC 6750, and law 3. */
    private static final List<String> ALWAYS = List.of("401", "403", "503");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getPaths() == null) {
            return;
        }
        List.copyOf(api.getPaths().getPathItems().keySet()).stream()
                .filter(path -> !AcceptedCredentials.of(path).takesBearerTokens())
                .forEach(api.getPaths()::removePathItem);
        api.getPaths().getPathItems().forEach((path, item) -> item.getOperations()
                .values()
                .forEach(operation -> complete(operation, AcceptedCredentials.of(path))));
        UsedSchemas.keepIn(api);
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents()
                .addSecurityScheme(
                        BEARER,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT")
                                .description("An access token for this service (RFC 6750)."))
                .addSecurityScheme(
                        SESSION,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.APIKEY)
                                .in(SecurityScheme.In.COOKIE)
                                .name("sso")
                                .description("The shared session, for scripts of this site's pages; over https the"
                                        + " cookie is called __Host-sso. It counts without an Authorization header"
                                        + " only."))
                .addResponse(PROBLEM, problem())
                .addSchema(PROBLEM, problemSchema());
    }

    private static void complete(Operation operation, AcceptedCredentials accepted) {
        List<String> roles = Stream.ofNullable(operation.getSecurity())
                .flatMap(List::stream)
                .flatMap(requirement -> requirement.getSchemes().values().stream())
                .flatMap(List::stream)
                .distinct()
                .toList();
        operation.setSecurity(Stream.of(BEARER, SESSION)
                .filter(scheme -> scheme.equals(BEARER) || accepted.takesSessions())
                .map(scheme -> requirement(scheme, roles))
                .toList());
        Map<String, APIResponse> answers =
                new TreeMap<>(operation.getResponses().getAPIResponses());
        ALWAYS.forEach(status -> answers.put(status, null));
        answers.keySet().stream()
                .filter(status -> status.startsWith("4") || status.startsWith("5"))
                .forEach(status -> operation
                        .getResponses()
                        .addAPIResponse(status, OASFactory.createAPIResponse().ref(PROBLEM)));
    }

    private static SecurityRequirement requirement(String scheme, List<String> roles) {
        return OASFactory.createSecurityRequirement().addScheme(scheme, roles);
    }

    private static APIResponse problem() {
        return OASFactory.createAPIResponse()
                .description("What went wrong (RFC 9457)")
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
    }

    private static Schema problemSchema() {
        return OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .addProperty("type", text("Kind of problem; about:blank when the status says it all"))
                .addProperty("title", text("What went wrong, in a few words"))
                .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER))
                .addProperty("detail", text("What to do about it"))
                .required(List.of("title", "status", "detail"));
    }

    private static Schema text(String what) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(what);
    }
}

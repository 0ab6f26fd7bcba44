package org.acme.session.internal.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.acme.session.ProblemDetail;

/**
 * A response of the shared session itself, the same from a JAX-RS mapper and from a Vert.x handler.
 *
 * @param status HTTP status
 * @param headers headers by name
 * @param body what follows; empty for nothing
 */
public record HttpReply(int status, Map<String, String> headers, String body) {

    public HttpReply {
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
    }

    /** A page for a person, with one link on. */
    static HttpReply page(int status, String html) {
        return new HttpReply(status, Map.of("Content-Type", "text/html;charset=UTF-8"), html);
    }

    /** A problem document for a script (RFC 9457). */
    static HttpReply problem(ProblemDetail problem) {
        JsonObject document = new JsonObject()
                .put("type", problem.type())
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", problem.detail());
        problem.extensions().forEach(document::put);
        return new HttpReply(problem.status(), Map.of("Content-Type", ProblemDetail.MEDIA_TYPE), document.encode());
    }

    public static HttpReply redirect(int status, String location) {
        return new HttpReply(status, Map.of("Location", location), "");
    }

    public HttpReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpReply(status, more, body);
    }

    public void writeTo(RoutingContext request) {
        HttpServerResponse response = request.response().setStatusCode(status);
        headers.forEach((name, value) -> response.headers().set(name, value));
        response.headers().set("Cache-Control", "no-store");
        response.end(body);
    }

    public Response toResponse() {
        Response.ResponseBuilder response = Response.status(status);
        headers.forEach(response::header);
        return body.isEmpty() ? response.build() : response.entity(body).build();
    }
}

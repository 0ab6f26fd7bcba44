package org.acme.session;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * A problem document (RFC 9457): what an API answers instead of what it was asked for.
 *
 * @param type a URI for the kind of problem; {@code about:blank} when the status says it all
 * @param title what went wrong, in a few words
 * @param status the HTTP status
 * @param detail what to do about it
 * @param extensions further members; the values of a native executable's must be registered for reflection
 */
@RegisterForReflection // no endpoint declares it as its answer, so a native build does not see it
public record ProblemDetail(
        String type, String title, int status, String detail, @JsonAnyGetter Map<String, Object> extensions) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public ProblemDetail {
        Objects.requireNonNull(type);
        Objects.requireNonNull(title);
        Objects.requireNonNull(detail);
        extensions = Map.copyOf(extensions);
    }

    /** A problem whose title is the status' own. */
    public static ProblemDetail of(StatusType status, String detail) {
        return of(status.getStatusCode(), status.getReasonPhrase(), detail);
    }

    public static ProblemDetail of(int status, String title, String detail) {
        return new ProblemDetail("about:blank", title, status, detail, Map.of());
    }

    /** The same with one more member. */
    public ProblemDetail with(String extension, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(extension, value);
        return new ProblemDetail(type, title, status, detail, more);
    }

    /** An answer of this status and media type, to which headers can be added. */
    public ResponseBuilder<Object> response() {
        return ResponseBuilder.<Object>create(status).entity(this).type(MEDIA_TYPE);
    }

    /** To be thrown by a resource method. */
    public WebApplicationException exception() {
        return new WebApplicationException(response().build().toResponse());
    }
}

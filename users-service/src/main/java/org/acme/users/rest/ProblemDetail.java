package org.acme.users.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.BadRequestException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** A problem document (RFC 9457). */
@RegisterForReflection // no endpoint declares it as its answer, so a native build does not see it
record ProblemDetail(String title, int status, String detail) {

    static RestResponse<Object> notFound(String detail) {
        return of(Status.NOT_FOUND, detail);
    }

    static BadRequestException badRequest(String detail) {
        return new BadRequestException(of(Status.BAD_REQUEST, detail).toResponse());
    }

    private static RestResponse<Object> of(Status status, String detail) {
        return ResponseBuilder.<Object>create(status)
                .entity(new ProblemDetail(status.getReasonPhrase(), status.getStatusCode(), detail))
                .type("application/problem+json")
                .build();
    }
}

package org.acme.projects.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** A problem document (RFC 9457). */
@RegisterForReflection // no endpoint declares it as its answer, so a native build does not see it
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ProblemDetail(String title, int status, String detail, List<FieldProblem> errors) {

    static final String MEDIA_TYPE = "application/problem+json";

    /**
     * What is wrong with one field.
     *
     * @param pointer JSON pointer to the field, as a URI fragment
     */
    record FieldProblem(String detail, String pointer) {}

    static ResponseBuilder<Object> of(Status status, String detail, FieldProblem... errors) {
        return of(status.getStatusCode(), status.getReasonPhrase(), detail, errors);
    }

    static ResponseBuilder<Object> of(int status, String title, String detail, FieldProblem... errors) {
        ProblemDetail problem = new ProblemDetail(title, status, detail, List.of(errors));
        return RestResponse.ResponseBuilder.<Object>create(status)
                .entity(problem)
                .type(MEDIA_TYPE);
    }
}

package org.acme.users.rest;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import org.acme.users.directory.DirectoryUnavailableException;
import org.acme.users.directory.TooManyLookupsException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 while the provider cannot be asked about people, and 429 to whoever has asked about too many. */
@Singleton
class DirectoryUnavailableMapper {

    @ServerExceptionMapper(DirectoryUnavailableException.class)
    public RestResponse<ProblemDetail> unavailable() {
        return later(
                Status.SERVICE_UNAVAILABLE,
                2,
                "The directory does not answer",
                "Nobody can be looked up just now. Try again in a moment.");
    }

    @ServerExceptionMapper(TooManyLookupsException.class)
    public RestResponse<ProblemDetail> tooMany(TooManyLookupsException limit) {
        return later(
                Status.TOO_MANY_REQUESTS,
                limit.retryAfterSeconds(),
                "Too many lookups",
                "You have asked about many people in a short time. Try again in a moment.");
    }

    private static RestResponse<ProblemDetail> later(Status status, long seconds, String title, String detail) {
        return RestResponse.ResponseBuilder.create(status, new ProblemDetail(title, status.getStatusCode(), detail))
                .type("application/problem+json")
                .header(HttpHeaders.RETRY_AFTER, seconds)
                .build();
    }
}

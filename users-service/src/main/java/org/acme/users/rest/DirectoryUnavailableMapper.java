package org.acme.users.rest;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import org.acme.session.ProblemDetail;
import org.acme.users.directory.DirectoryUnavailableException;
import org.acme.users.directory.TooManyLookupsException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 while the provider cannot be asked about people, and 429 to whoever has asked about too many. */
@Singleton
class DirectoryUnavailableMapper {

    @ServerExceptionMapper(DirectoryUnavailableException.class)
    public RestResponse<Object> unavailable() {
        return later(
                Status.SERVICE_UNAVAILABLE,
                2,
                "The directory does not answer",
                "Nobody can be looked up just now. Try again in a moment.");
    }

    @ServerExceptionMapper(TooManyLookupsException.class)
    public RestResponse<Object> tooMany(TooManyLookupsException limit) {
        return later(
                Status.TOO_MANY_REQUESTS,
                limit.retryAfterSeconds(),
                "Too many lookups",
                "You have asked about many people in a short time. Try again in a moment.");
    }

    private static RestResponse<Object> later(Status status, long seconds, String title, String detail) {
        return ProblemDetail.of(status.getStatusCode(), title, detail)
                .response()
                .header(HttpHeaders.RETRY_AFTER, seconds)
                .build();
    }
}

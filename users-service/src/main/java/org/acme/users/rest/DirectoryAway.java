package org.acme.users.rest;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;
import org.acme.users.directory.DirectoryUnavailableException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 while the provider cannot be asked about people. */
@Singleton
class DirectoryAway {

    @ServerExceptionMapper(DirectoryUnavailableException.class)
    public RestResponse<Map<String, Object>> unavailable() {
        return RestResponse.ResponseBuilder.create(
                        Status.SERVICE_UNAVAILABLE,
                        Map.<String, Object>of(
                                "title", "The directory does not answer",
                                "status", Status.SERVICE_UNAVAILABLE.getStatusCode(),
                                "detail", "Nobody can be looked up just now. Try again in a moment."))
                .type("application/problem+json")
                .header(HttpHeaders.RETRY_AFTER, "2")
                .build();
    }
}

package org.acme.projects.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import org.acme.projects.service.ProjectsUnavailableException;
import org.acme.session.ProblemDetail;
import org.acme.session.log.RateLimitedLog;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 while the store is unavailable: a page for people, a problem document for scripts. */
@Singleton
class StoreUnavailableMapper {

    private static final String RETRY_AFTER_SECONDS = "2";

    private final RateLimitedLog outage = new RateLimitedLog(StoreUnavailableMapper.class);

    @ServerExceptionMapper
    public RestResponse<Object> unavailable(ProjectsUnavailableException away, UriInfo request) {
        if (request.getPath().startsWith("/api/")) {
            note(away);
            return ProblemDetail.of(
                            Status.SERVICE_UNAVAILABLE, "Projects cannot be read or written just now. Try again.")
                    .response()
                    .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                    .build();
        }
        return answer(away, Templates.unavailable());
    }

    /** Says so on a page. */
    RestResponse<Object> answer(ProjectsUnavailableException away, TemplateInstance page) {
        note(away);
        return RestResponse.ResponseBuilder.<Object>create(Status.SERVICE_UNAVAILABLE)
                .entity(page)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    private void note(ProjectsUnavailableException away) {
        outage.warn("The store of projects cannot be asked: %s. Such requests get 503", away.getCause());
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance unavailable();
    }
}

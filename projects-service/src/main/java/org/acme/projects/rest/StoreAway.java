package org.acme.projects.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.acme.projects.service.ProjectsUnavailableException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 while the store is away: a page for people, a problem document for scripts. */
@Singleton
class StoreAway {

    private static final Logger LOG = Logger.getLogger(StoreAway.class);
    private static final String RETRY_AFTER_SECONDS = "2";

    /** An outage is worth a line now and then, not one for each request. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    @ServerExceptionMapper
    public RestResponse<Object> unavailable(ProjectsUnavailableException away, UriInfo request) {
        if (request.getPath().startsWith("/api/")) {
            note(away);
            return Problem.of(Status.SERVICE_UNAVAILABLE, "Projects cannot be read or written just now. Try again.")
                    .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                    .build();
        }
        return answer(away, Templates.away());
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
        if (isWorthALine(System.nanoTime())) {
            LOG.warnf("The store of projects cannot be asked: %s. Such requests get 503", away.getCause());
        }
    }

    private boolean isWorthALine(long now) {
        long next = quietUntil.get();
        return now - next >= 0 && quietUntil.compareAndSet(next, now + QUIET.toNanos());
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance away();
    }
}

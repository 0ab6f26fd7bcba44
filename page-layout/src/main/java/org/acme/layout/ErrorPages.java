package org.acme.layout;

import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.acme.session.spi.MessagePage;
import org.acme.session.spi.MessagePage.Link;
import org.acme.session.spi.PageRenderer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A person who meets an error gets a page that says what to do; a program gets what it would get without us. */
@Singleton
class ErrorPages {

    private static final Logger LOG = Logger.getLogger(ErrorPages.class);
    private static final int BEFORE_QUARKUS = -1000;

    private final PageRenderer pages;
    private final String home;

    ErrorPages(PageRenderer pages, @ConfigProperty(name = "quarkus.http.root-path") String rootPath) {
        this.pages = pages;
        this.home = rootPath.endsWith("/") ? rootPath : rootPath + "/";
    }

    /** What a resource or the framework refuses: no such page, a wrong method, a parameter that is no number. */
    @ServerExceptionMapper
    Response refused(WebApplicationException refusal, HttpServerRequest request) {
        Response answer = refusal.getResponse();
        return answer.getStatus() < 400 || answer.hasEntity() || !isForAPerson(request)
                ? answer
                : Response.fromResponse(answer)
                        .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                        .entity(pages.html(page(answer.getStatus())))
                        .build();
    }

    /** What nobody has expected. */
    void failures(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).failureHandler(this::failed);
    }

    private void failed(RoutingContext request) {
        boolean ours = isForAPerson(request.request())
                && !isAboutSigningIn(request.failure())
                && !request.response().headWritten();
        if (!ours) {
            request.next();
            return;
        }
        int status = request.statusCode() < 400 ? 500 : request.statusCode();
        HttpServerResponse response = request.response().setStatusCode(status);
        response.headers().set(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8");
        response.headers().set(HttpHeaders.CACHE_CONTROL, "no-store");
        response.end(pages.html(status < 500 ? page(status) : broken(status, note(request))));
    }

    /** Not a failure: that is how Quarkus redirects to a provider and back. */
    private static boolean isAboutSigningIn(Throwable failure) {
        return failure != null
                && failure.getClass().getPackageName().equals(UnauthorizedException.class.getPackageName());
    }

    /** The path only: a query may hold what is nobody's business. @return by what the page and the log find each other */
    private static String note(RoutingContext request) {
        String id = UUID.randomUUID().toString().substring(0, 8);
        LOG.errorf(
                request.failure(), "%s %s failed, error %s", request.request().method(), request.normalizedPath(), id);
        return id;
    }

    private MessagePage page(int status) {
        return switch (status) {
            case 404 -> page(status, "There is no such page", "The address may be mistyped or old.");
            case 405 -> page(status, "That is not possible here", "This address does not accept such a request.");
            case 413 -> page(status, "That was too much", "What was sent is larger than we take. Nothing is saved.");
            case 503 -> page(status, "The service is unavailable", "It is too busy. Please try again in a moment.");
            default ->
                page(status, "That did not work", "We could not make sense of this request. Nothing is changed.");
        };
    }

    private MessagePage broken(int status, String id) {
        return page(
                status,
                "Something went wrong",
                "This is our fault, and it is noted. If it happens again, tell us this number: " + id + ".");
    }

    private MessagePage page(int status, String title, String text) {
        return new MessagePage(status, title, text, List.of(new Link(home, "To the start page")));
    }

    private static boolean isForAPerson(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html");
    }
}

package org.acme.users.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.acme.session.CurrentSession;
import org.acme.session.UserSession;
import org.acme.session.UserSessions;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Where I am signed in, and signing off there. */
@Path("/sessions")
@Authenticated
@Produces(MediaType.TEXT_HTML)
class SessionsPageResource {

    private static final String HERE = "/users/sessions";

    private final CurrentSession session;
    private final UserSessions sessions;

    SessionsPageResource(CurrentSession session, UserSessions sessions) {
        this.session = session;
        this.sessions = sessions;
    }

    @GET
    public Uni<TemplateInstance> list(@RestQuery Optional<String> done) {
        boolean administrator = session.isPresent() && session.user().roles().contains("admin");
        return sessions.list().map(all -> Templates.sessions(all, FlashMessage.message(done), administrator));
    }

    /** A form that failed left its own address in the browser, which somebody reloads or comes back to. */
    @GET
    @Path("{form:end|end-others|end-all}")
    public RestResponse<Void> back() {
        return seeOther(HERE);
    }

    @POST
    @Path("end")
    public Uni<RestResponse<Void>> end(@RestForm String handle) {
        return sessions.end(handle)
                .map(found -> seeOther(FlashMessage.ended(found).at(HERE)));
    }

    @POST
    @Path("end-others")
    public Uni<RestResponse<Void>> endOthers() {
        return sessions.endOthers().replaceWith(seeOther(FlashMessage.OTHERS_ENDED.at(HERE)));
    }

    /** Here too, so the next page is the one after a sign-off. */
    @POST
    @Path("end-all")
    public Uni<RestResponse<Void>> endAll() {
        return sessions.endAll().replaceWith(seeOther("/users/auth/signed-off"));
    }

    /** A path, not {@code location()}: that would take it for one below this service, on this hop's host. */
    static RestResponse<Void> seeOther(String path) {
        return RestResponse.ResponseBuilder.<Void>create(RestResponse.Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, path)
                .build();
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance sessions(List<UserSession> sessions, String done, boolean administrator);
    }
}

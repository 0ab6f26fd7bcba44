package org.acme.users.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.acme.session.KnownUser;
import org.acme.session.RequiresRecentSignIn;
import org.acme.session.SessionAdministration;
import org.acme.session.UserSession;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Where somebody else is signed in: an administrator finds a user and signs them off. */
@Path("/admin/sessions")
@RolesAllowed("admin")
@Produces(MediaType.TEXT_HTML)
class AdminSessionsPageResource {

    /** Who signs others off has proved so many seconds ago at most who they are: a browser left open is not enough. */
    static final int RECENTLY = 600;

    private static final String HERE = "/users/admin/sessions";

    private final SessionAdministration sessions;

    AdminSessionsPageResource(SessionAdministration sessions) {
        this.sessions = sessions;
    }

    /** @param q part of a name, or a whole subject */
    @GET
    public Uni<TemplateInstance> find(@RestQuery Optional<String> q) {
        return sessions.find(q.orElse("")).map(users -> Templates.users(q.orElse(""), users));
    }

    @GET
    @Path("{user}")
    @RequiresRecentSignIn(seconds = RECENTLY)
    public Uni<TemplateInstance> list(@RestPath String user, @RestQuery Optional<String> done) {
        return sessions.list(user)
                .map(all -> Templates.userSessions(title(all), user, all, FlashMessage.message(done)));
    }

    /** A form that failed left its own address in the browser. */
    @GET
    @Path("{user}/{form:end|end-all}")
    public RestResponse<Void> back(@RestPath String user) {
        return SessionsPageResource.seeOther(of(user));
    }

    @POST
    @Path("{user}/end")
    @RequiresRecentSignIn(seconds = RECENTLY)
    public Uni<RestResponse<Void>> end(@RestPath String user, @RestForm String handle) {
        return sessions.end(user, handle)
                .map(found ->
                        SessionsPageResource.seeOther(FlashMessage.ended(found).at(of(user))));
    }

    @POST
    @Path("{user}/end-all")
    @RequiresRecentSignIn(seconds = RECENTLY)
    public Uni<RestResponse<Void>> endAll(@RestPath String user) {
        return sessions.endAll(user).replaceWith(SessionsPageResource.seeOther(FlashMessage.ALL_ENDED.at(of(user))));
    }

    private static String title(List<UserSession> all) {
        return "Sessions of " + all.stream().map(UserSession::name).findFirst().orElse("a user");
    }

    private static String of(String user) {
        return HERE + "/" + URLEncoder.encode(user, StandardCharsets.UTF_8);
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance users(String wanted, List<KnownUser> users);

        static native TemplateInstance userSessions(String title, String user, List<UserSession> sessions, String done);
    }
}

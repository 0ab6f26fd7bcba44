package org.acme.session.notes;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.CallerToken;
import org.acme.session.CurrentSession;
import org.acme.session.CurrentUser;
import org.acme.session.RequiresRecentSignIn;
import org.acme.session.RequiresScope;
import org.acme.session.RequiresSignInLevel;
import org.acme.session.SignOffOutcome;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** What a service does with the session, each in one line. */
@Path("/")
public class NotesResource {

    /** How often a resource of this class has run for a write. */
    public static final AtomicInteger WRITES = new AtomicInteger();

    private final SecurityIdentity identity;
    private final CurrentSession session;
    private final CurrentUser user;
    private final CallerToken caller;

    NotesResource(SecurityIdentity identity, CurrentSession session, CurrentUser user, CallerToken caller) {
        this.identity = identity;
        this.session = session;
        this.user = user;
        this.caller = caller;
    }

    @GET
    @Path("open")
    @PermitAll
    public String open() {
        return identity.isAnonymous() ? "nobody" : identity.getPrincipal().getName();
    }

    @GET
    @Path("echo")
    @PermitAll
    public String echo(@RestQuery String x) {
        return "x=" + x;
    }

    @GET
    @Path("page")
    @Authenticated
    public String page(@Context SecurityContext context) {
        return context.getUserPrincipal().getName() + " " + new TreeSet<>(identity.getRoles());
    }

    @GET
    @Path("api/token")
    @Authenticated
    public String token() {
        return identity.getCredential(AccessTokenCredential.class).getToken();
    }

    /** As before a call to another service. */
    @GET
    @Path("token-for-call")
    @Authenticated
    public Uni<String> tokenForCall() {
        return caller.forCallTo(URI.create("http://other.test/other/api/notes"));
    }

    @GET
    @Path("api/session")
    @PermitAll
    public String session() {
        return session.isPresent()
                ? session.user().issuer() + " " + session.user().subject() + " " + session.fingerprint()
                : "none";
    }

    @GET
    @Path("api/whose")
    @Authenticated
    public String whose() {
        return user.isPresent() ? user.get().name() + " " + user.get().subject() : "a service";
    }

    @GET
    @Path("api/notes")
    @RolesAllowed("user")
    @RequiresScope("notes:read")
    public String notes() {
        return "notes";
    }

    @GET
    @Path("delicate")
    @Authenticated
    @RequiresRecentSignIn(seconds = 300)
    public String delicate() {
        return "delicate";
    }

    @POST
    @Path("delicate")
    @Authenticated
    @RequiresRecentSignIn(seconds = 300)
    public int delicateWrite() {
        return WRITES.incrementAndGet();
    }

    @GET
    @Path("api/delicate")
    @Authenticated
    @RequiresRecentSignIn(seconds = 300)
    public String delicateForScripts() {
        return "delicate";
    }

    @GET
    @Path("gold")
    @Authenticated
    @RequiresSignInLevel({"gold", "platinum"})
    public String gold() {
        return "gold";
    }

    @GET
    @Path("api/gold")
    @Authenticated
    @RequiresSignInLevel({"gold", "platinum"})
    public String goldForScripts() {
        return "gold";
    }

    @POST
    @Path("gold")
    @Authenticated
    @RequiresSignInLevel("gold")
    public int goldWrite() {
        return WRITES.incrementAndGet();
    }

    @GET
    @Path("fresh-gold")
    @Authenticated
    @RequiresRecentSignIn(seconds = 300)
    @RequiresSignInLevel("gold")
    public String freshGold() {
        return "fresh gold";
    }

    @GET
    @Path("service")
    @Authenticated
    public String service() {
        return "for services";
    }

    @GET
    @Path("service/notes")
    @RolesAllowed("notes-reader")
    public String notesForServices() {
        return "notes for services";
    }

    @GET
    @Path("admin")
    @RolesAllowed("admin")
    public String admin() {
        return "admins only";
    }

    @POST
    @Path("write")
    @Authenticated
    public int write() {
        return WRITES.incrementAndGet();
    }

    @POST
    @Path("open-write")
    @PermitAll
    public int openWrite() {
        return WRITES.incrementAndGet();
    }

    @PUT
    @Path("attributes/{name}")
    @Authenticated
    public Uni<Void> put(@RestPath String name, String value) {
        return session.attributes().put(name, value);
    }

    @GET
    @Path("attributes/{name}")
    @Authenticated
    public Uni<String> get(@RestPath String name) {
        return session.attributes().get(name).map(value -> value.orElse("none"));
    }

    @DELETE
    @Path("attributes/{name}")
    @Authenticated
    public Uni<Void> remove(@RestPath String name) {
        return session.attributes().remove(name);
    }

    /** As when a sign-off elsewhere comes between. */
    @POST
    @Path("too-late")
    @Authenticated
    public Uni<Void> tooLate() {
        return session.end().chain(() -> session.attributes().put("draft", "late"));
    }

    @POST
    @Path("leave")
    @Authenticated
    public Uni<SignOffOutcome> leave() {
        return session.end();
    }
}

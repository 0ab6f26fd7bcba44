package org.acme.session.notes;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.acme.session.UserSessions;
import org.jboss.resteasy.reactive.RestForm;

/** A service's own way of ending sessions; {@code sso.refresh.exempt-paths} names it. */
@Path("devices")
@Authenticated
public class DevicesResource {

    private final UserSessions sessions;
    private final SecurityIdentity identity;

    DevicesResource(UserSessions sessions, SecurityIdentity identity) {
        this.sessions = sessions;
        this.identity = identity;
    }

    @POST
    @Path("token")
    public boolean token() {
        return identity.getCredential(AccessTokenCredential.class) != null;
    }

    @GET
    @Path("handles")
    public Uni<String> handles() {
        return sessions.list()
                .map(all -> String.join(
                        "\n",
                        all.stream()
                                .filter(one -> !one.current())
                                .map(one -> one.handle())
                                .toList()));
    }

    @POST
    @Path("end")
    public Uni<Boolean> end(@RestForm String handle) {
        return sessions.end(handle);
    }

    @POST
    @Path("end-others")
    public Uni<Integer> endOthers() {
        return sessions.endOthers();
    }

    @POST
    @Path("end-all")
    public Uni<Integer> endAll() {
        return sessions.endAll();
    }
}

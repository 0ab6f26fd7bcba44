package org.acme.users.directory;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.acme.session.ServiceTokenFilter;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * The two questions that we ask of Keycloak's admin interface, on our own behalf: client credentials, of a client that may
 * look at users and do nothing else.
 */
@RegisterRestClient(configKey = "directory")
@RegisterProvider(ServiceTokenFilter.class)
@Path("/users")
interface RealmApi {

    @GET
    @Path("/{id}")
    Uni<RealmUser> user(@RestPath String id);

    @GET
    Uni<List<RealmUser>> users(@RestQuery String username, @RestQuery boolean exact, @RestQuery int max);
}

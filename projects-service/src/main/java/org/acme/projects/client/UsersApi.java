package org.acme.projects.client;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;

/** Of the users service, what it tells people: asked in the name of whoever asks us. */
@RegisterRestClient(configKey = "users")
@RegisterProvider(InTheCallersName.class)
@Path("/users/api/people")
interface UsersApi {

    /** Those of these subjects that there are. */
    @GET
    Uni<List<KnownPerson>> people(@RestQuery List<String> subject);
}

package org.acme.projects.client;

import io.quarkus.rest.client.reactive.ClientExceptionMapper;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.acme.session.ServiceTokenFilter;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;

/** Of the users service, what it tells services: asked on our own behalf, by client credentials. */
@RegisterRestClient(configKey = "users")
@RegisterProvider(ServiceTokenFilter.class)
@Path("/users/service/people")
interface UsersServiceApi {

    /** Whoever signs in with that name. */
    @GET
    Uni<List<KnownPerson>> named(@RestQuery String name);

    /** Those of these subjects that there are. */
    @GET
    Uni<List<KnownPerson>> people(@RestQuery List<String> subject);

    /** What is refused is refused to us; a service that is busy (408), has no more for us (429) or is ill (5xx) is so for all. */
    @ClientExceptionMapper
    static RuntimeException refused(Response answer) {
        int status = answer.getStatus();
        return status >= 400 && status < 500 && status != 408 && status != 429
                ? new CallersFaultException("The users service answers " + status, null)
                : null;
    }
}

package org.acme.projects.client;

import io.quarkus.rest.client.reactive.ClientExceptionMapper;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;

/** Of the users service, what it tells people: asked in the name of whoever asks us. */
@RegisterRestClient(configKey = "users")
@RegisterProvider(CallerTokenFilter.class)
@Path("/users/api/people")
interface UsersApi {

    /** Those of these subjects that there are. */
    @GET
    Uni<List<KnownPerson>> people(@RestQuery List<String> subject);

    /**
     * What is refused is refused to who asks, also when they have asked too much (429); a service that is busy (408) or ill
     * (5xx) is so for all.
     */
    @ClientExceptionMapper
    static RuntimeException refused(Response answer) {
        int status = answer.getStatus();
        return status >= 400 && status < 500 && status != 408
                ? new CallersFaultException("The users service answers " + status, null)
                : null;
    }
}

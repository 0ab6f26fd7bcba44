package org.acme.users.rest;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.acme.session.ProblemDetail;
import org.acme.users.directory.Directory;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Looks people up by name, for services that may; no person can, however many roles they have. */
@Path("/service/people")
@RolesAllowed("people-reader")
@Produces(MediaType.APPLICATION_JSON)
class ServicePeopleResource {

    private final Directory directory;
    private final Callers callers;

    ServicePeopleResource(Directory directory, Callers callers) {
        this.directory = directory;
        this.callers = callers;
    }

    /** Whoever signs in with exactly that name, one or none; or else those of these subjects that there are. */
    @GET
    public Uni<List<Directory.Person>> people(@RestQuery String name, @RestQuery List<String> subject) {
        if (name == null) {
            return directory.people(callers.current(), PeopleResource.atMost(subject));
        }
        if (name.isBlank() || name.length() > 200) {
            throw ProblemDetail.of(Status.BAD_REQUEST, "A name has 1 to 200 characters.")
                    .exception();
        }
        return directory.named(callers.current(), name).map(found -> found.stream()
                .toList());
    }
}

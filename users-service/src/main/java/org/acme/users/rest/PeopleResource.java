package org.acme.users.rest;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.acme.users.directory.Directory;
import org.jboss.resteasy.reactive.RestQuery;

/** What people are called, for whoever knows them by their subject already. */
@Path("/api/people")
@RolesAllowed("user")
@Produces(MediaType.APPLICATION_JSON)
class PeopleResource {

    private static final int MOST = 100;

    private final Directory directory;

    PeopleResource(Directory directory) {
        this.directory = directory;
    }

    /** Those of these subjects that there are. */
    @GET
    public Uni<List<Directory.Person>> people(@RestQuery List<String> subject) {
        return directory.people(atMost(subject));
    }

    static List<String> atMost(List<String> subjects) {
        if (subjects.size() > MOST) {
            throw new BadRequestException("At most " + MOST + " subjects at once");
        }
        return subjects;
    }
}

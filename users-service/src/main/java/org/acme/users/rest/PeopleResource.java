package org.acme.users.rest;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.acme.session.ProblemDetail;
import org.acme.users.directory.Directory;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** What people are called, for whoever knows them by their subject already. */
@Path("/api/people")
@RolesAllowed("user")
@Produces(MediaType.APPLICATION_JSON)
class PeopleResource {

    private final Directory directory;
    private final Callers callers;

    PeopleResource(Directory directory, Callers callers) {
        this.directory = directory;
        this.callers = callers;
    }

    /** Those of these subjects that there are. */
    @GET
    public Uni<List<Directory.Person>> people(@RestQuery List<String> subject) {
        return directory.people(callers.current(), atMost(subject));
    }

    /** What a script asks for whose subjects are too long for one URL: a provider's may have 255 characters each. */
    record Wanted(List<String> subjects) {}

    /** The same; it changes nothing. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<List<Directory.Person>> people(Wanted wanted) {
        if (wanted == null || wanted.subjects() == null || wanted.subjects().contains(null)) {
            throw ProblemDetail.of(Status.BAD_REQUEST, "Send {\"subjects\": [\"…\"]}.")
                    .exception();
        }
        return directory.people(callers.current(), atMost(wanted.subjects()));
    }

    static List<String> atMost(List<String> subjects) {
        if (subjects.size() > Directory.MOST_SUBJECTS) {
            throw ProblemDetail.of(Status.BAD_REQUEST, "At most " + Directory.MOST_SUBJECTS + " subjects at once.")
                    .exception();
        }
        return subjects;
    }
}

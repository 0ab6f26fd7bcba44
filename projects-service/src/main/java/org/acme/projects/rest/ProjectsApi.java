package org.acme.projects.rest;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.OptionalLong;
import org.acme.projects.service.InvalidProjectNameException;
import org.acme.projects.service.Project;
import org.acme.projects.service.ProjectName;
import org.acme.projects.service.Projects;
import org.acme.projects.service.TooManyProjectsException;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The same for scripts: with the session or with a bearer token. */
@Path("/api/projects")
@RolesAllowed("user")
@Produces(MediaType.APPLICATION_JSON)
class ProjectsApi {

    static final String LOCATION = "/projects/api/projects";

    private static final String NOT_A_PROJECT = "Send a project as JSON: {\"name\": \"…\"}.";

    private final Projects projects;
    private final Caller caller;

    ProjectsApi(Projects projects, Caller caller) {
        this.projects = projects;
        this.caller = caller;
    }

    /** What a script sends to create a project. */
    record NewProject(String name) {}

    @GET
    public Uni<ProjectListDocument> list(@RestQuery Optional<Long> before) {
        OptionalLong start = before.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return projects.visibleTo(caller.viewer(), start).map(ProjectListDocument::of);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<ProjectDocument>> create(NewProject project) {
        ProjectName name = ProjectName.typed(project == null ? null : project.name());
        return projects.create(caller.viewer(), name).map(ProjectsApi::created);
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<Object>> one(@RestPath String id) {
        return projects.find(caller.viewer(), id)
                .map(found -> found.map(project -> RestResponse.<Object>ok(ProjectDocument.of(project)))
                        .orElseGet(() -> Problem.of(Status.NOT_FOUND, "No such project, or not yours to see.")
                                .build()));
    }

    @ServerExceptionMapper
    public RestResponse<Object> invalid(InvalidProjectNameException invalid) {
        return Problem.of(
                        Status.BAD_REQUEST,
                        "The project cannot be created as sent.",
                        new Problem.FieldProblem(invalid.getMessage(), "#/name"))
                .build();
    }

    /** JSON of another shape, such as a list. */
    @ServerExceptionMapper
    public RestResponse<Object> misshapen(MismatchedInputException input) {
        return Problem.of(Status.BAD_REQUEST, NOT_A_PROJECT).build();
    }

    /** No JSON at all, or whatever else the framework refuses. */
    @ServerExceptionMapper
    public RestResponse<Object> refused(WebApplicationException refusal) {
        Status status = Status.fromStatusCode(refusal.getResponse().getStatus());
        return Problem.of(status, status == Status.BAD_REQUEST ? NOT_A_PROJECT : status.getReasonPhrase())
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<Object> tooMany(TooManyProjectsException tooMany) {
        return Problem.of(Status.CONFLICT, tooMany.getMessage()).build();
    }

    private static RestResponse<ProjectDocument> created(Project project) {
        return RestResponse.ResponseBuilder.create(Status.CREATED, ProjectDocument.of(project))
                .header(HttpHeaders.LOCATION, LOCATION + "/" + project.id())
                .build();
    }
}

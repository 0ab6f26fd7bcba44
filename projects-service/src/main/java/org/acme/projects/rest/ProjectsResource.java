package org.acme.projects.rest;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.acme.projects.rest.ProjectDocument.MemberDocument;
import org.acme.projects.service.InvalidProjectException;
import org.acme.projects.service.Project;
import org.acme.projects.service.ProjectText;
import org.acme.projects.service.Projects;
import org.acme.projects.service.RefusedException;
import org.acme.projects.service.RefusedException.Reason;
import org.acme.projects.service.Selection;
import org.acme.session.ProblemDetail;
import org.acme.session.RequiresScope;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The same for scripts: with the session or with a bearer token. */
@Path("/api/projects")
@RolesAllowed("user")
@RequiresScope("projects:read")
@Produces(MediaType.APPLICATION_JSON)
class ProjectsResource {

    static final String LOCATION = "/projects/api/projects";

    private static final String NOT_A_PROJECT = "Send JSON such as {\"name\": \"…\", \"description\": \"…\"}.";
    private static final int PRECONDITION_REQUIRED = 428;

    private final Projects projects;
    private final Caller caller;

    ProjectsResource(Projects projects, Caller caller) {
        this.projects = projects;
        this.caller = caller;
    }

    /** What a script sends to create or replace a project's text. */
    record SentText(String name, String description) {

        static ProjectText valid(SentText sent) {
            return sent == null ? ProjectText.typed(null, null) : ProjectText.typed(sent.name(), sent.description());
        }
    }

    /** Whom a script shares a project with. @param name their user name at the default provider */
    record SentMember(String name) {}

    @GET
    public Uni<ProjectListDocument> list(@RestQuery Optional<String> show, @RestQuery Optional<Long> before) {
        Selection selection = show.map(ProjectsResource::selection).orElse(Selection.OWN);
        OptionalLong start = before.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return projects.list(caller.viewer(), selection, start).map(list -> ProjectListDocument.of(selection, list));
    }

    @POST
    @RequiresScope("projects:write")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<ProjectDocument>> create(SentText text) {
        return projects.create(caller.viewer(), SentText.valid(text)).map(ProjectsResource::created);
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<ProjectDocument>> one(@RestPath String id) {
        return projects.find(caller.viewer(), id).map(found -> {
            ProjectDocument document = found.map(ProjectDocument::of).orElseThrow(ProjectsResource::notFound);
            return RestResponse.ResponseBuilder.ok(document)
                    .header(HttpHeaders.ETAG, tag(document.version()))
                    .build();
        });
    }

    /** Replaces the text of the version that If-Match names, and of no other. */
    @PUT
    @RequiresScope("projects:write")
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<ProjectDocument>> replace(
            @RestPath String id, @RestHeader(HttpHeaders.IF_MATCH) String ifMatch, SentText text) {
        if (ifMatch == null) {
            throw new WebApplicationException(PRECONDITION_REQUIRED);
        }
        return projects.replace(caller.viewer(), id, seen(ifMatch), SentText.valid(text))
                .chain(() -> one(id));
    }

    /** Archives: what is archived can be restored. If-Match is welcome and not needed. */
    @DELETE
    @RequiresScope("projects:write")
    @Path("/{id}")
    public Uni<Void> archive(@RestPath String id, @RestHeader(HttpHeaders.IF_MATCH) String ifMatch) {
        OptionalLong seen = ifMatch == null ? OptionalLong.empty() : seen(ifMatch);
        return projects.archive(caller.viewer(), id, seen).replaceWithVoid();
    }

    @POST
    @RequiresScope("projects:write")
    @Path("/{id}/restore")
    public Uni<Void> restore(@RestPath String id) {
        return projects.restore(caller.viewer(), id).replaceWithVoid();
    }

    @POST
    @RequiresScope("projects:write")
    @Path("/{id}/members")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<MemberDocument>> share(@RestPath String id, SentMember member) {
        String name = member == null || member.name() == null ? "" : member.name();
        return projects.share(caller.viewer(), id, name, Optional.empty())
                .map(MemberDocument::of)
                .map(shared -> RestResponse.ResponseBuilder.create(Status.CREATED, shared)
                        .header(HttpHeaders.LOCATION, LOCATION + "/" + id + "/members/" + shared.id())
                        .build());
    }

    @DELETE
    @RequiresScope("projects:write")
    @Path("/{id}/members/{member}")
    public Uni<Void> unshare(@RestPath String id, @RestPath String member) {
        return projects.unshare(caller.viewer(), id, member).replaceWithVoid();
    }

    @ServerExceptionMapper
    public RestResponse<Object> invalid(InvalidProjectException invalid) {
        return invalid(
                "The project cannot be saved as sent.",
                invalid.faults().stream()
                        .map(fault -> new FieldProblem(fault.message(), "#/" + fault.field()))
                        .toList());
    }

    @ServerExceptionMapper
    public RestResponse<Object> refused(RefusedException refused) {
        return switch (refused.reason()) {
            case NOT_FOUND -> problem(Status.NOT_FOUND, refused);
            case NOT_ALLOWED -> problem(Status.FORBIDDEN, refused);
            case CHANGED_MEANWHILE -> problem(Status.PRECONDITION_FAILED, refused);
            case ARCHIVED, TOO_MANY_PROJECTS, TOO_MANY_MEMBERS -> problem(Status.CONFLICT, refused);
            case WHO ->
                invalid("The project is not shared.", List.of(new FieldProblem(refused.getMessage(), "#/name")));
        };
    }

    /** JSON of another shape, such as a list. */
    @ServerExceptionMapper
    public RestResponse<Object> misshapen(MismatchedInputException input) {
        return problem(Status.BAD_REQUEST, NOT_A_PROJECT);
    }

    /** No JSON at all, or whatever else the framework refuses. */
    @ServerExceptionMapper
    public RestResponse<Object> refused(WebApplicationException refusal) {
        int status = refusal.getResponse().getStatus();
        if (status == PRECONDITION_REQUIRED) {
            return ProblemDetail.of(
                            status, "Precondition Required", "Send the version that you have seen as If-Match: \"…\".")
                    .response()
                    .build();
        }
        Status known = Status.fromStatusCode(status);
        return problem(known, known == Status.BAD_REQUEST ? NOT_A_PROJECT : known.getReasonPhrase());
    }

    private static RestResponse<Object> problem(Status status, RefusedException refused) {
        return problem(status, refused.getMessage());
    }

    private static RestResponse<Object> problem(Status status, String detail) {
        return ProblemDetail.of(status, detail).response().build();
    }

    private static RestResponse<Object> invalid(String detail, List<FieldProblem> errors) {
        return ProblemDetail.of(Status.BAD_REQUEST, detail)
                .with("errors", errors)
                .response()
                .build();
    }

    private static RestResponse<ProjectDocument> created(Project project) {
        return RestResponse.ResponseBuilder.create(Status.CREATED, ProjectDocument.of(project))
                .header(HttpHeaders.LOCATION, LOCATION + "/" + project.id())
                .header(HttpHeaders.ETAG, tag(project.version()))
                .build();
    }

    private static String tag(long version) {
        return "\"" + version + "\"";
    }

    /** The version of an entity tag; any for {@code *}. What is no tag of ours matches nothing (RFC 9110, 13.1.1). */
    private static OptionalLong seen(String ifMatch) {
        if (ifMatch.equals("*")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                ifMatch.matches("\"\\d{1,18}\"") ? Long.parseLong(ifMatch.substring(1, ifMatch.length() - 1)) : 0);
    }

    private static Selection selection(String show) {
        return Stream.of(Selection.values())
                .filter(selection -> selection.name().toLowerCase(Locale.ROOT).equals(show))
                .findFirst()
                .orElseThrow(BadRequestException::new);
    }

    private static RefusedException notFound() {
        return new RefusedException(Reason.NOT_FOUND, "No such project, or not yours to see.");
    }
}

package org.acme.projects.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.acme.projects.service.InvalidProjectNameException;
import org.acme.projects.service.Project;
import org.acme.projects.service.ProjectList;
import org.acme.projects.service.ProjectName;
import org.acme.projects.service.Projects;
import org.acme.projects.service.TooManyProjectsException;
import org.acme.projects.service.Viewer;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** The pages for people: list, create, look at one. */
@Path("/")
@RolesAllowed("user")
@Produces(MediaType.TEXT_HTML)
class ProjectPages {

    private final Projects projects;
    private final Caller caller;

    ProjectPages(Projects projects, Caller caller) {
        this.projects = projects;
        this.caller = caller;
    }

    @GET
    public Uni<TemplateInstance> list(@RestQuery Optional<Long> before) {
        return page(caller.viewer(), before, NewProjectForm.EMPTY);
    }

    /** A valid form answers with a redirect, so that reloading the list creates nothing. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<RestResponse<Object>> create(@RestForm String name) {
        Viewer viewer = caller.viewer();
        ProjectName valid;
        try {
            valid = ProjectName.typed(name);
        } catch (InvalidProjectNameException invalid) {
            return refused(viewer, Status.BAD_REQUEST, NewProjectForm.again(name, invalid.getMessage()));
        }
        return projects.create(viewer, valid)
                .map(created -> seeOther("/projects/"))
                .onFailure(TooManyProjectsException.class)
                .recoverWithUni(
                        tooMany -> refused(viewer, Status.CONFLICT, NewProjectForm.again(name, tooMany.getMessage())));
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<Object>> one(@RestPath String id) {
        Viewer viewer = caller.viewer();
        return projects.find(viewer, id)
                .map(found -> found.map(project -> shown(viewer, project)).orElseGet(() -> notFound(viewer)));
    }

    private Uni<TemplateInstance> page(Viewer viewer, Optional<Long> before, NewProjectForm form) {
        OptionalLong start = before.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return projects.visibleTo(viewer, start).map(list -> listPage(viewer, list, form));
    }

    private static TemplateInstance listPage(Viewer viewer, ProjectList list, NewProjectForm form) {
        String title = viewer.administrator() ? "All projects" : "Your projects";
        String older = list.continuesBefore().isPresent()
                ? "/projects/?before=" + list.continuesBefore().getAsLong()
                : "";
        return Templates.projects(
                new Frame(title, viewer.name()),
                list.projects().stream().map(ListedProject::of).toList(),
                older,
                form);
    }

    private Uni<RestResponse<Object>> refused(Viewer viewer, Status status, NewProjectForm form) {
        return page(viewer, Optional.empty(), form).map(page -> RestResponse.ResponseBuilder.<Object>create(status)
                .entity(page)
                .build());
    }

    private static RestResponse<Object> shown(Viewer viewer, Project project) {
        ListedProject listed = ListedProject.of(project);
        return RestResponse.ok(Templates.project(new Frame(listed.name(), viewer.name()), listed));
    }

    private static RestResponse<Object> notFound(Viewer viewer) {
        return RestResponse.ResponseBuilder.<Object>create(Status.NOT_FOUND)
                .entity(Templates.notFound(new Frame("No such project", viewer.name())))
                .build();
    }

    /** A path, not {@code location()}: that would add the scheme and host of this hop, which is not the browser's. */
    private static RestResponse<Object> seeOther(String path) {
        return RestResponse.ResponseBuilder.<Object>create(Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, path)
                .build();
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance projects(
                Frame frame, List<ListedProject> projects, String older, NewProjectForm form);

        static native TemplateInstance project(Frame frame, ListedProject project);

        static native TemplateInstance notFound(Frame frame);
    }
}

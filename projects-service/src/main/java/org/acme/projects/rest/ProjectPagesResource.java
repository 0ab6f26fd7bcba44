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
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.acme.projects.rest.ResubmitForm.Field;
import org.acme.projects.service.InvalidProjectException;
import org.acme.projects.service.ProjectText;
import org.acme.projects.service.Projects;
import org.acme.projects.service.ProjectsUnavailableException;
import org.acme.projects.service.RefusedException;
import org.acme.projects.service.RefusedException.Reason;
import org.acme.projects.service.Selection;
import org.acme.projects.service.SharedProject;
import org.acme.projects.service.Viewer;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The pages for people. A form that was obeyed answers with a redirect, so that reloading does nothing again; one that was
 * not is shown again with what was typed.
 */
@Path("/")
@RolesAllowed("user")
@Produces(MediaType.TEXT_HTML)
class ProjectPagesResource {

    static final String HOME = "/projects/";

    private final Projects projects;
    private final Caller caller;
    private final StoreUnavailableMapper away;

    ProjectPagesResource(Projects projects, Caller caller, StoreUnavailableMapper away) {
        this.projects = projects;
        this.caller = caller;
        this.away = away;
    }

    @GET
    public Uni<RestResponse<Object>> list(
            @RestQuery Optional<String> show, @RestQuery Optional<Long> before, @RestQuery Optional<String> done) {
        return list(
                Status.OK,
                caller.viewer(),
                selection(show).orElse(Selection.OWN),
                before.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                ProjectForm.EMPTY,
                FlashMessage.message(done));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<RestResponse<Object>> create(@RestForm String name, @RestForm String description) {
        Viewer viewer = caller.viewer();
        ProjectForm form = ProjectForm.typed(name, description);
        ProjectText text;
        try {
            text = ProjectText.typed(name, description);
        } catch (InvalidProjectException invalid) {
            return newAgain(Status.BAD_REQUEST, viewer, form.wrong(invalid));
        }
        return orSendAgain(
                projects.create(viewer, text)
                        .map(created -> seeOther(FlashMessage.CREATED.at(HOME + created.id())))
                        .onFailure(RefusedException.class)
                        .recoverWithUni(
                                refused -> newAgain(Status.CONFLICT, viewer, form.wrongName(refused.getMessage()))),
                viewer,
                () -> new ResubmitForm(HOME, textFields(form)));
    }

    @GET
    @Path("{id}")
    public Uni<RestResponse<Object>> one(@RestPath String id, @RestQuery Optional<String> done) {
        return one(Status.OK, caller.viewer(), id, ShareForm.EMPTY, FlashMessage.message(done));
    }

    /**
     * A form that failed left its own address in the browser. Whoever asks for it again, the page's script among them, gets the
     * page that the form is on.
     */
    @GET
    @Path("{id}/{form:members|restore|members/remove}")
    public Uni<RestResponse<Object>> oneAgain(@RestPath String id) {
        return one(id, Optional.empty());
    }

    @GET
    @Path("{id}/edit")
    public Uni<RestResponse<Object>> editForm(@RestPath String id) {
        Viewer viewer = caller.viewer();
        return changeable(viewer, id)
                .map(shared -> edit(Status.OK, viewer, shared, ProjectForm.of(shared.project()), false));
    }

    /** @param version what the writer's form was made from */
    @POST
    @Path("{id}/edit")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<RestResponse<Object>> edit(
            @RestPath String id, @RestForm String version, @RestForm String name, @RestForm String description) {
        Viewer viewer = caller.viewer();
        ProjectForm form = ProjectForm.typed(name, description);
        return orSendAgain(
                save(viewer, id, version, form),
                viewer,
                () -> new ResubmitForm(
                        HOME + id + "/edit",
                        Stream.concat(Stream.of(Field.hidden("version", version)), textFields(form).stream())
                                .toList()));
    }

    private Uni<RestResponse<Object>> save(Viewer viewer, String id, String version, ProjectForm form) {
        ProjectText text;
        try {
            text = ProjectText.typed(form.name(), form.description());
        } catch (InvalidProjectException invalid) {
            return changeable(viewer, id)
                    .map(shared -> edit(Status.BAD_REQUEST, viewer, shared, form.wrong(invalid), false));
        }
        return projects.edit(viewer, id, number(version), text)
                .map(saved -> seeOther(FlashMessage.SAVED.at(HOME + id)))
                .onFailure(ProjectPagesResource::isConflict)
                .recoverWithUni(conflict ->
                        changeable(viewer, id).map(shared -> edit(Status.CONFLICT, viewer, shared, form, true)));
    }

    @GET
    @Path("{id}/archive")
    public Uni<RestResponse<Object>> archiveForm(@RestPath String id) {
        Viewer viewer = caller.viewer();
        return changeable(viewer, id).map(shared -> RestResponse.ok(Templates.archive(ProjectPage.of(shared))));
    }

    @POST
    @Path("{id}/archive")
    public Uni<RestResponse<Object>> archive(@RestPath String id) {
        return projects.archive(caller.viewer(), id, OptionalLong.empty())
                .map(archived -> seeOther(FlashMessage.ARCHIVED.at(HOME + id)));
    }

    @POST
    @Path("{id}/restore")
    public Uni<RestResponse<Object>> restore(@RestPath String id) {
        return projects.restore(caller.viewer(), id).map(restored -> seeOther(FlashMessage.RESTORED.at(HOME + id)));
    }

    @POST
    @Path("{id}/members")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<RestResponse<Object>> share(
            @RestPath String id, @RestForm String name, @RestForm Optional<String> person) {
        Viewer viewer = caller.viewer();
        String typed = name == null ? "" : name;
        return orSendAgain(
                projects.share(viewer, id, typed, person)
                        .map(member -> seeOther(FlashMessage.SHARED.at(HOME + id)))
                        .onFailure(ProjectPagesResource::isAboutTheMember)
                        .recoverWithUni(refused -> one(
                                Status.BAD_REQUEST,
                                viewer,
                                id,
                                ShareForm.again(typed, (RefusedException) refused),
                                "")),
                viewer,
                () -> new ResubmitForm(
                        HOME + id + "/members",
                        Stream.concat(
                                        Stream.of(Field.line("name", "User name", typed)),
                                        person.stream().map(key -> Field.hidden("person", key)))
                                .toList()));
    }

    @POST
    @Path("{id}/members/remove")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<RestResponse<Object>> unshare(@RestPath String id, @RestForm String member) {
        return projects.unshare(caller.viewer(), id, member == null ? "" : member)
                .map(removed -> seeOther(FlashMessage.UNSHARED.at(HOME + id)));
    }

    @ServerExceptionMapper
    public RestResponse<Object> refused(RefusedException refused) {
        return switch (refused.reason()) {
            case NOT_FOUND -> page(Status.NOT_FOUND, Templates.notFound());
            case NOT_ALLOWED -> page(Status.FORBIDDEN, Templates.refused("Access denied", refused.getMessage()));
            default -> page(Status.CONFLICT, Templates.refused("That did not work", refused.getMessage()));
        };
    }

    private Uni<RestResponse<Object>> newAgain(Status status, Viewer viewer, ProjectForm form) {
        return list(status, viewer, Selection.OWN, OptionalLong.empty(), form, "");
    }

    private Uni<RestResponse<Object>> list(
            Status status, Viewer viewer, Selection selection, OptionalLong before, ProjectForm form, String done) {
        return projects.list(viewer, selection, before)
                .map(list -> page(status, Templates.projects(ListPage.of(viewer, selection, list), form, done)));
    }

    private Uni<RestResponse<Object>> one(Status status, Viewer viewer, String id, ShareForm form, String done) {
        return orNotFound(projects.findWithNames(viewer, id))
                .map(shared -> page(status, Templates.project(ProjectPage.of(shared), form, done)));
    }

    private static RestResponse<Object> edit(
            Status status, Viewer viewer, SharedProject shared, ProjectForm form, boolean conflict) {
        return page(status, Templates.edit(ProjectPage.of(shared), form, conflict));
    }

    private Uni<SharedProject> found(Viewer viewer, String id) {
        return orNotFound(projects.find(viewer, id));
    }

    private static Uni<SharedProject> orNotFound(Uni<Optional<SharedProject>> asked) {
        return asked.map(found -> found.orElseThrow(
                () -> new RefusedException(Reason.NOT_FOUND, "No such project, or not yours to see.")));
    }

    /** For the pages on which a change begins: who could not end it does not begin it. */
    private Uni<SharedProject> changeable(Viewer viewer, String id) {
        return found(viewer, id).invoke(shared -> {
            if (!shared.mayChange()) {
                throw new RefusedException(Reason.NOT_ALLOWED, "Only the owner of a project may change it.");
            }
            if (shared.project().archived()) {
                throw new RefusedException(Reason.ARCHIVED, "The project is archived. Restore it to change it.");
            }
        });
    }

    /** E7: a store that is unavailable takes nothing that was typed with it. */
    private Uni<RestResponse<Object>> orSendAgain(
            Uni<RestResponse<Object>> answer, Viewer viewer, Supplier<ResubmitForm> form) {
        return answer.onFailure(ProjectsUnavailableException.class)
                .recoverWithItem(failure -> away.answer(failure, Templates.resubmit(form.get())));
    }

    private static List<Field> textFields(ProjectForm form) {
        return List.of(
                Field.line("name", "Name", form.name()), Field.lines("description", "Description", form.description()));
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof RefusedException refused && refused.reason() == Reason.CHANGED_MEANWHILE;
    }

    private static boolean isAboutTheMember(Throwable failure) {
        return failure instanceof RefusedException refused
                && (refused.reason() == Reason.WHO || refused.reason() == Reason.TOO_MANY_MEMBERS);
    }

    private static Optional<Selection> selection(Optional<String> show) {
        return show.flatMap(text -> Stream.of(Selection.values())
                .filter(selection -> selection.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst());
    }

    /** A form without a version of ours has seen none, so it conflicts with whatever there is. */
    private static long number(String version) {
        return version != null && version.matches("\\d{1,18}") ? Long.parseLong(version) : 0;
    }

    private static RestResponse<Object> page(Status status, TemplateInstance page) {
        return RestResponse.ResponseBuilder.<Object>create(status).entity(page).build();
    }

    /** A path, not {@code location()}: that would add the scheme and host of this hop, which is not the browser's. */
    private static RestResponse<Object> seeOther(String path) {
        return RestResponse.ResponseBuilder.<Object>create(Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, path)
                .build();
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance projects(ListPage page, ProjectForm form, String done);

        static native TemplateInstance project(ProjectPage project, ShareForm form, String done);

        static native TemplateInstance edit(ProjectPage project, ProjectForm form, boolean conflict);

        static native TemplateInstance archive(ProjectPage project);

        static native TemplateInstance resubmit(ResubmitForm form);

        static native TemplateInstance notFound();

        static native TemplateInstance refused(String title, String message);
    }
}

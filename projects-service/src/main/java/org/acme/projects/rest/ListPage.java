package org.acme.projects.rest;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.acme.projects.service.ProjectList;
import org.acme.projects.service.Selection;
import org.acme.projects.service.Viewer;

/**
 * A list as its page shows it.
 *
 * @param title of the list
 * @param own whether it is the viewer's own list, where new projects begin
 * @param lists the lists to choose from
 * @param older where the list goes on; empty on the last page
 * @param empty what to say when there is nothing
 */
record ListPage(
        String title, boolean own, List<Choice> lists, List<ListedProject> projects, String older, String empty) {

    /** One of the lists. */
    record Choice(String title, String link, boolean chosen) {}

    static ListPage of(Viewer viewer, Selection chosen, ProjectList list) {
        String older = list.continuesBefore().isPresent()
                ? link(chosen) + (chosen == Selection.OWN ? "?" : "&") + "before="
                        + list.continuesBefore().getAsLong()
                : "";
        return new ListPage(
                title(chosen),
                chosen == Selection.OWN,
                Stream.of(Selection.values())
                        .filter(selection -> selection != Selection.ALL || viewer.administrator())
                        .map(selection -> new Choice(title(selection), link(selection), selection == chosen))
                        .toList(),
                list.projects().stream().map(ListedProject::of).toList(),
                older,
                empty(chosen));
    }

    private static String title(Selection selection) {
        return switch (selection) {
            case OWN -> "Your projects";
            case SHARED -> "Shared with you";
            case ARCHIVED -> "Archived";
            case ALL -> "All projects";
        };
    }

    private static String empty(Selection selection) {
        return switch (selection) {
            case OWN -> "No projects yet. Create the first one below.";
            case SHARED -> "Nobody has shared a project with you.";
            case ARCHIVED -> "You have archived no project.";
            case ALL -> "Nobody has a project yet.";
        };
    }

    private static String link(Selection selection) {
        return selection == Selection.OWN
                ? ProjectPagesResource.HOME
                : ProjectPagesResource.HOME + "?show=" + selection.name().toLowerCase(Locale.ROOT);
    }
}

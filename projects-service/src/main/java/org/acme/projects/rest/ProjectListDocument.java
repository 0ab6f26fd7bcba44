package org.acme.projects.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.acme.projects.service.ProjectList;
import org.acme.projects.service.Selection;

/**
 * One page of projects as scripts see it, newest first.
 *
 * @param next where the list goes on; absent on the last page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProjectListDocument(List<ProjectDocument> projects, String next) {

    static ProjectListDocument of(Selection selection, ProjectList list) {
        return new ProjectListDocument(
                list.projects().stream().map(ProjectDocument::of).toList(),
                list.continuesBefore().isPresent()
                        ? ProjectsResource.LOCATION + "?show="
                                + selection.name().toLowerCase(Locale.ROOT) + "&before="
                                + list.continuesBefore().getAsLong()
                        : null);
    }
}

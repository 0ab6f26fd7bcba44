package org.acme.projects.rest;

import java.util.List;
import org.acme.projects.service.RefusedException;

/**
 * The form that shares a project.
 *
 * @param name what was typed
 * @param wrong what to change about it; empty when nothing is wrong
 * @param suggestions who may have been meant
 */
record ShareForm(String name, String wrong, List<ProjectPage.Row> suggestions) {

    static final ShareForm EMPTY = new ShareForm("", "", List.of());

    static ShareForm again(String name, RefusedException refused) {
        return new ShareForm(
                name,
                refused.getMessage(),
                refused.suggestions().stream().map(ProjectPage.Row::of).toList());
    }
}

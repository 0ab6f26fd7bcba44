package org.acme.projects.rest;

import org.acme.projects.service.ProjectName;

/**
 * The form for a new project as it is shown.
 *
 * @param name what was typed
 * @param wrong what to change about it; empty when nothing is wrong
 */
record NewProjectForm(String name, String wrong) {

    static final NewProjectForm EMPTY = new NewProjectForm("", "");

    static NewProjectForm again(String name, String wrong) {
        return new NewProjectForm(name == null ? "" : name, wrong);
    }

    public int longest() {
        return ProjectName.LONGEST;
    }
}

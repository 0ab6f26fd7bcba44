package org.acme.projects.service;

import java.util.List;
import java.util.OptionalLong;

/**
 * One page of projects, newest first.
 *
 * @param projects at most as many as one page holds
 * @param continuesBefore the number to go on from; empty when nothing follows
 */
public record ProjectList(List<Project> projects, OptionalLong continuesBefore) {

    public ProjectList {
        projects = List.copyOf(projects);
    }
}

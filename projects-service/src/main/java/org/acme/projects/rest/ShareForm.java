package org.acme.projects.rest;

/**
 * The form that shares a project.
 *
 * @param name what was typed
 * @param wrong what to change about it; empty when nothing is wrong
 */
record ShareForm(String name, String wrong) {

    static final ShareForm EMPTY = new ShareForm("", "");

    static ShareForm again(String name, String wrong) {
        return new ShareForm(name == null ? "" : name, wrong);
    }
}

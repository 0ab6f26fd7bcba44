package org.acme.users.rest;

import org.acme.session.CurrentSession;

/**
 * What {@code layout.html} shows around every page.
 *
 * @param title of the page
 * @param current the navigation entry that the page belongs to
 * @param signedIn whether somebody is signed in
 * @param name who; empty when nobody is
 */
record Frame(String title, String current, boolean signedIn, String name) {

    static Frame of(String title, String current, CurrentSession session) {
        return session.isPresent()
                ? new Frame(title, current, true, session.user().name())
                : new Frame(title, current, false, "");
    }
}

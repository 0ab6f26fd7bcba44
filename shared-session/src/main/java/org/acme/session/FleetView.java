package org.acme.session;

import io.smallrye.mutiny.Multi;

/**
 * The fleet as it is, and what happens to sessions in it, for a page that shows it. Nothing in it says who a user is or opens a
 * session; a session has a short name that is good for nothing else. While nobody watches, it costs nothing.
 */
public interface FleetView {

    /**
     * What is known now and, from then on, what changes. A subscriber that does not read is cut off.
     *
     * <p>Within a second, each instance that listens to session events learns that somebody watches, and tells what it does
     * for six seconds more.
     */
    Multi<Update> updates();

    /** The name that the current session has in the updates; empty without one. */
    String nameOf(CurrentSession session);

    /** How many watch at this instance. */
    int watching();

    /**
     * Something to show.
     *
     * @param name {@code fleet}: all instances; {@code moment}: something that has happened, or more of it, by its {@code id}
     * @param json what, in the form a browser gets; docs/operations.md describes it
     */
    record Update(String name, String json) {}
}

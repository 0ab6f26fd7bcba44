package org.acme.projects.service;

/** Which projects a list holds. */
public enum Selection {
    /** Those that the viewer owns, without the archived ones. */
    OWN,
    /** Those that others share with the viewer, without the archived ones. */
    SHARED,
    /** The viewer's own, archived. */
    ARCHIVED,
    /** Everybody's, archived or not; for administrators. */
    ALL
}

package org.acme.projects.service;

/** Who wants to know what changes. Called on whatever thread the news came; must not block. */
public interface ChangeListener {

    void changed(ProjectChange change);

    /** News may have been lost, as the store was away: whatever anybody knows may be out of date. */
    void missedSome();
}

package org.acme.projects.service;

/** Who wants to know what changes. Called on whatever thread the change came; must not block. */
public interface ChangeListener {

    void changed(ProjectChange change);

    /** Changes may have been missed, as the store was unavailable: whatever anybody knows may be out of date. */
    void missedSome();
}

package org.acme.projects.service;

/** What a viewer is to a project. Who is none of these does not learn that it exists. */
public enum Role {
    /** Changes it, shares it, archives it. */
    OWNER,
    /** Reads it. */
    MEMBER,
    /** Reads it, as everybody's. */
    ADMINISTRATOR
}

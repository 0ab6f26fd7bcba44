package org.acme.projects.service;

import java.util.Objects;

/**
 * Who a project is shared with.
 *
 * @param person who it is
 * @param name what the person was called when added
 */
public record Member(Person person, String name) {

    public Member {
        Objects.requireNonNull(person);
        Objects.requireNonNull(name);
    }
}

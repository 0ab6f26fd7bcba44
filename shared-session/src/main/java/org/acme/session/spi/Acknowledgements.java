package org.acme.session.spi;

import java.util.Set;

/**
 * Who has acknowledged the end of a session.
 *
 * @param instances names of the instances that have removed the session from their cache
 */
public record Acknowledgements(Set<String> instances) {

    public static final Acknowledgements NONE = new Acknowledgements(Set.of());

    public Acknowledgements {
        instances = Set.copyOf(instances);
    }
}

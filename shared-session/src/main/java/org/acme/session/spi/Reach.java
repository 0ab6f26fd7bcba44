package org.acme.session.spi;

import java.util.Set;

/**
 * How far the news of a sign-off got.
 *
 * @param confirmed names of the instances that said they have forgotten the session
 */
public record Reach(Set<String> confirmed) {

    public static final Reach NOBODY = new Reach(Set.of());

    public Reach {
        confirmed = Set.copyOf(confirmed);
    }
}

package org.acme.session.contract;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The tokens of a session, in the clear. They print as nothing.
 *
 * @param access the access token; empty when the session has none, as one that a guest began
 * @param accessExpires when the access token expires
 * @param refresh the refresh token; empty when the provider gave none
 */
public record Tokens(String access, Instant accessExpires, Optional<String> refresh) {

    public Tokens {
        Objects.requireNonNull(access);
        Objects.requireNonNull(accessExpires);
        Objects.requireNonNull(refresh);
    }

    /** None, which need no refresh before that time. */
    public static Tokens none(Instant until) {
        return new Tokens("", until, Optional.empty());
    }

    @Override
    public String toString() {
        return "tokens until " + accessExpires;
    }
}

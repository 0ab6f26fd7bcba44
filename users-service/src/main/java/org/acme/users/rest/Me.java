package org.acme.users.rest;

import java.util.List;
import org.acme.session.SignedInUser;

/**
 * The answer to "who am I".
 *
 * @param issuer the provider's issuer identifier; with the subject it names the user
 * @param subject the user's identifier at that issuer
 * @param name what to call the user
 * @param roles sorted
 */
record Me(String issuer, String subject, String name, List<String> roles) {

    static Me of(SignedInUser user) {
        return new Me(
                user.issuer(),
                user.subject(),
                user.name(),
                user.roles().stream().sorted().toList());
    }
}

package org.acme.session.internal.backchannel;

import java.util.Objects;
import java.util.Optional;

/**
 * What a verified logout token says (Back-Channel Logout 1.0, section 2.4).
 *
 * @param issuer who says so
 * @param id the token's {@code jti}; counts once
 * @param providerSession the provider's {@code sid}; if empty, all sessions of the subject are meant
 * @param subject the user; present when the session is not
 */
record LogoutToken(String issuer, String id, Optional<String> providerSession, Optional<String> subject) {

    LogoutToken {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(id);
        if (providerSession.isEmpty() && subject.isEmpty()) {
            throw new IllegalArgumentException("It names neither a session nor a user");
        }
    }
}

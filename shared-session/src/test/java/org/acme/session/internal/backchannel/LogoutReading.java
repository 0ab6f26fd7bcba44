package org.acme.session.internal.backchannel;

import java.security.Key;
import java.util.Optional;
import org.jose4j.jws.JsonWebSignature;

/** Reads a logout token whose key is known, for tests outside of this package. */
public final class LogoutReading {

    private LogoutReading() {}

    /** @return why it was refused; empty when it was not */
    public static Optional<String> refusal(String token, Key key, String issuer, String client) {
        try {
            LogoutTokenReader.begin(token, new JsonWebSignature());
            LogoutTokenReader.read(token, key, issuer, client);
            return Optional.empty();
        } catch (RefusedLogoutException refused) {
            return Optional.of(refused.getMessage());
        }
    }
}

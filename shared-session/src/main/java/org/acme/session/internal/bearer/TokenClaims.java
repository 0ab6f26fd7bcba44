package org.acme.session.internal.bearer;

import java.util.Optional;
import org.acme.session.contract.Digests;
import org.acme.session.internal.oidc.Claims;

/** What claims of an access token mean here. */
final class TokenClaims {

    private TokenClaims() {}

    /** Names the provider's session as keys and events do; empty for a token that belongs to none. */
    static Optional<String> providerSession(Claims claims) {
        return claims.text("iss").flatMap(issuer -> claims.text("sid").map(sid -> Digests.sha256(issuer, sid)));
    }

    /**
     * Whether a token was given to a client for itself: nobody signed in for it, so it belongs to no provider session and
     * nobody's sign-in time. (RFC 9068, section 2.2, has the client as subject; Keycloak a user made for that client.)
     */
    static boolean isOfAService(Claims claims) {
        Optional<String> client = claims.text("client_id");
        boolean nobodySignedIn =
                claims.text("sid").isEmpty() && claims.instant("auth_time").isEmpty();
        return client.isPresent() && (nobodySignedIn || client.equals(claims.text("sub")));
    }
}

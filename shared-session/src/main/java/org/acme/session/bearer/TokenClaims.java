package org.acme.session.bearer;

import java.util.Optional;
import org.acme.session.contract.Digests;
import org.acme.session.provider.Claims;

/** What claims of an access token mean here. */
final class TokenClaims {

    private TokenClaims() {}

    /** Names the provider's session as keys and events do; empty for a token that belongs to none. */
    static Optional<String> providerSession(Claims claims) {
        return claims.text("iss").flatMap(issuer -> claims.text("sid").map(sid -> Digests.sha256(issuer, sid)));
    }

    /**
     * Whether a token was given to a client for itself. RFC 9068 (section 2.2) then has the client as subject; Keycloak
     * has a user made for that client, whose name no other token with the claim {@code client_id} has.
     */
    static boolean isOfAService(Claims claims) {
        return claims.text("client_id")
                .filter(client -> claims.text("sub").filter(client::equals).isPresent()
                        || claims.text("preferred_username")
                                .filter(("service-account-" + client)::equalsIgnoreCase)
                                .isPresent())
                .isPresent();
    }
}

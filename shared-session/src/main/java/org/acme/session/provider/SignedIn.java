package org.acme.session.provider;

import java.time.Instant;
import java.util.Optional;
import org.acme.session.SsoConfig;
import org.acme.session.contract.Identity;

/**
 * Who a provider has signed in, read from tokens that quarkus-oidc has verified.
 *
 * @param identity the user
 * @param issuedAt when the provider said so, by its own clock
 */
public record SignedIn(Identity identity, Instant issuedAt) {

    /**
     * @return empty when the ID token's authorized party is another client (OIDC Core 1.0, section 3.1.3.7, items 4
     *     and 5), which quarkus-oidc does not look at
     */
    public static Optional<SignedIn> read(
            String provider, SsoConfig.Provider known, String idToken, String accessToken) {
        Claims id = Claims.of(idToken);
        boolean partyNeeded = id.names("aud").size() > 1;
        if (!id.text("azp").orElse(partyNeeded ? "" : known.clientId()).equals(known.clientId())) {
            return Optional.empty();
        }
        String subject = id.text("sub").orElseThrow();
        Identity identity = new Identity(
                provider,
                id.text("iss").orElseThrow(),
                subject,
                id.text("sid"),
                id.personName().orElse(subject),
                Claims.of(accessToken).names(known.rolesClaim()),
                id.profile());
        return Optional.of(new SignedIn(identity, id.instant("iat").orElseThrow()));
    }
}

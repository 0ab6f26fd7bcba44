package org.acme.session.internal.oidc;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.Identity;
import org.acme.session.internal.config.SsoConfig;

/**
 * Who a provider has signed in, read from tokens that quarkus-oidc has verified, or from the answer of its userinfo endpoint.
 *
 * @param identity the user
 * @param issuedAt when the provider said so, by its own clock
 * @param authenticatedAt when the user last proved who they are to the provider, by its own clock; empty when it did not
 *     say, which is never recent
 * @param acr how they proved it, in the provider's own words; empty when it did not say
 */
public record SignedIn(Identity identity, Instant issuedAt, Optional<Instant> authenticatedAt, Optional<String> acr) {

    /**
     * @return empty when the ID token's authorized party is another client (OIDC Core 1.0, section 3.1.3.7, items 4
     *     and 5), which quarkus-oidc does not look at, or it names nobody
     */
    static Optional<SignedIn> read(String provider, SsoConfig.Provider known, String idToken, String accessToken) {
        Claims id = Claims.of(idToken);
        boolean partyNeeded = id.names("aud").size() > 1;
        if (!id.text("azp").orElse(partyNeeded ? "" : known.clientId()).equals(known.clientId())) {
            return Optional.empty();
        }
        Optional<String> subject = id.word("sub");
        if (subject.isEmpty()) {
            return Optional.empty();
        }
        Identity identity = new Identity(
                provider,
                id.text("iss").orElseThrow(),
                subject.get(),
                id.text("sid"),
                id.personName().orElse(subject.get()),
                roles(known, accessToken),
                id.profile());
        Instant issuedAt = id.instant("iat").orElseThrow();
        return Optional.of(new SignedIn(identity, issuedAt, id.instant("auth_time"), id.text("acr")));
    }

    /**
     * Of a provider that speaks OAuth 2.0 only: whose the access token is.
     *
     * @return empty when it names nobody
     */
    static Optional<SignedIn> read(String provider, SsoConfig.Provider known, Claims userInfo, Instant now) {
        return userInfo.word(known.subjectClaim())
                .map(subject -> new Identity(
                        provider,
                        known.url(),
                        subject,
                        Optional.empty(),
                        name(known, userInfo).orElse(subject),
                        known.roles().orElse(Set.of()),
                        userInfo.profile()))
                .map(identity -> new SignedIn(identity, now, Optional.empty(), Optional.empty()));
    }

    /** What the userinfo endpoint of a provider calls a user. */
    static Optional<String> name(SsoConfig.Provider known, Claims userInfo) {
        return known.protocol() == SsoConfig.Protocol.OAUTH2
                ? userInfo.word(known.nameClaim()).or(() -> userInfo.word("name"))
                : userInfo.personName();
    }

    /** What the access token grants, and what everybody of that provider is. */
    static Set<String> roles(SsoConfig.Provider known, String accessToken) {
        Set<String> roles = new HashSet<>(Claims.of(accessToken).names(known.rolesClaim()));
        known.roles().ifPresent(roles::addAll);
        return roles;
    }
}

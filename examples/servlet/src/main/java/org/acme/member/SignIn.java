package org.acme.member;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;

/** Begins the session of somebody whom the provider has just signed in. */
final class SignIn {

    private static final Duration ABSOLUTE = Duration.ofHours(8);
    static final Duration SKEW = Duration.ofSeconds(30);

    private final Redis redis;
    private final SignOff signOff;
    private final TokenSeal seal;
    private final boolean secure;

    SignIn(Redis redis, SignOff signOff, TokenSeal seal, boolean secure) {
        this.redis = redis;
        this.signOff = signOff;
        this.seal = seal;
        this.secure = secure;
    }

    /** The id of a new session; empty when a sign-off came between. */
    Optional<SessionId> begin(Provider.SignedIn user, String device, Optional<SessionId> old) {
        Instant now = Instant.now();
        SessionRecord session = SessionRecord.begin(
                        SessionId.random(), user.identity(), now, now.plus(ABSOLUTE), device, user.tokens())
                .authenticated(user.authenticatedAt(), Optional.empty());
        ScriptCall.index(session).forEach(redis::run);
        if (redis.number(ScriptCall.create(session, Sessions.IDLE, secure, seal)) != 1) {
            throw new IllegalStateException("256 random bits came twice");
        }
        if (endedSince(user)) {
            signOff.replaced(session.id());
            return Optional.empty();
        }
        old.ifPresent(signOff::replaced);
        return Optional.of(session.id());
    }

    /** A sign-off may have ended this provider session, or all of the user's, while its code was being exchanged. */
    private boolean endedSince(Provider.SignedIn user) {
        Identity identity = user.identity();
        boolean session = identity.providerSessionHash()
                .filter(hash -> isMarkedSince(
                        Keys.endedProviderSession(hash), user.issuedAt().minus(SKEW)))
                .isPresent();
        return session || isMarkedSince(Keys.endedUser(identity.issuer(), identity.subject()), user.issuedAt());
    }

    private boolean isMarkedSince(String key, Instant issuedAt) {
        return redis.get(key)
                .map(mark -> Instant.ofEpochMilli(Long.parseLong(mark)))
                .filter(mark -> !issuedAt.isAfter(mark))
                .isPresent();
    }
}

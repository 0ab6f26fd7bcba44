package org.acme.session.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.StoredSession;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.config.SsoConfig;

/**
 * What sessions said when they were read last. Sending one, opening its seals and parsing its JSON costs several times the
 * question itself; so the next read names what is known, and Redis says whether that still is so. Nothing is decided from
 * here without asking.
 */
@Singleton
class DecodedSessions {

    /** Long enough for the requests of one page, and of a busy script; tokens stay in memory no longer than that. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    /**
     * A session as it was read.
     *
     * @param session its meaning
     * @param tokensRev changes whenever one of our writes changes what is read
     * @param expressSha1 changes whenever a guest's does
     */
    record Known(SessionRecord session, String tokensRev, String expressSha1) {}

    private final TokenSeal seal;
    private final Cache<SessionId, Known> known;

    DecodedSessions(TokenSeal seal, SsoConfig config) {
        this.seal = seal;
        this.known = Caffeine.newBuilder()
                .maximumSize(CacheSize.sessions(config.cache()))
                .expireAfterWrite(KEPT)
                .build();
    }

    Optional<Known> find(SessionId id) {
        return Optional.ofNullable(known.getIfPresent(id));
    }

    /**
     * A session that was read whole.
     *
     * @throws DamagedRecordException when it cannot be read
     */
    SessionRecord learn(SessionId id, StoredSession stored) {
        SessionRecord session = stored.session(id, seal);
        known.put(id, new Known(session, Long.toString(session.tokensRev()), Digests.sha1(stored.express())));
        return session;
    }
}

package org.acme.session.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.SsoConfig;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;

/**
 * What sessions said when they were read last. Sending one, opening its seals and parsing its JSON costs several times the
 * question itself; so the next read names what is known, and Redis says whether that still is so. Nothing is decided from
 * here without asking.
 */
@Singleton
class KnownSessions {

    /** What a read brings along, in this order. Attributes stay behind: they are read when somebody wants them. */
    static final List<String> FIELDS = List.of(
            SessionRecord.VERSION,
            SessionRecord.PROVIDER,
            SessionRecord.ISSUER,
            SessionRecord.SUBJECT,
            SessionRecord.SID,
            SessionRecord.NAME,
            SessionRecord.ROLES,
            SessionRecord.PROFILE,
            SessionRecord.CREATED,
            SessionRecord.UNTIL,
            SessionRecord.DEVICE,
            SessionRecord.ADDRESS,
            SessionRecord.ACCESS,
            SessionRecord.REFRESH,
            SessionRecord.ACCESS_EXPIRES,
            SessionRecord.TOKENS_REV,
            SessionRecord.AUTHENTICATED,
            SessionRecord.ACR);

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

    KnownSessions(TokenSeal seal, SsoConfig config) {
        this.seal = seal;
        this.known = Caffeine.newBuilder()
                .maximumSize(MemorySize.sessions(config.memory()))
                .expireAfterWrite(KEPT)
                .build();
    }

    Optional<Known> find(SessionId id) {
        return Optional.ofNullable(known.getIfPresent(id));
    }

    /**
     * The session that {@link Script#READ} sent whole; empty when none lives.
     *
     * @throws DamagedRecordException when it cannot be read
     */
    Optional<SessionRecord> learn(SessionId id, Response answer) {
        if (!answer.get(0).toString().equals("live")) {
            return Optional.empty();
        }
        String express = answer.get(1).toString();
        SessionRecord session = SessionRecord.read(id, express, fields(FIELDS, answer.get(2)), seal);
        known.put(id, new Known(session, Long.toString(session.tokensRev()), Script.sha1(express)));
        return Optional.of(session);
    }

    /** The fields that {@link Script#READ} sent, by name; those that the record has not are left out. */
    static Map<String, String> fields(List<String> names, Response values) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Response value = values.get(i);
            if (value != null) {
                fields.put(names.get(i), value.toString());
            }
        }
        return fields;
    }
}

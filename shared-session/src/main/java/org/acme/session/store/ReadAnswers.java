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
 * What the answers of {@link Script#READ} mean. Opening seals and parsing JSON costs several times the question itself,
 * and most answers are, byte for byte, the last one about that session; so the last meaning is kept for a few seconds.
 * Nothing is decided from here: Redis has been asked, and has answered the same.
 */
@Singleton
class ReadAnswers {

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
            SessionRecord.ACCESS,
            SessionRecord.REFRESH,
            SessionRecord.ACCESS_EXPIRES,
            SessionRecord.TOKENS_REV);

    /** Long enough for the requests of one page, and of a busy script; tokens stay in memory no longer than that. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private record Understood(String express, Map<String, String> fields, SessionRecord session) {
        boolean isOf(String otherExpress, Map<String, String> otherFields) {
            return express.equals(otherExpress) && fields.equals(otherFields);
        }
    }

    private final TokenSeal seal;
    private final Cache<SessionId, Understood> understood;

    ReadAnswers(TokenSeal seal, SsoConfig config) {
        this.seal = seal;
        this.understood = Caffeine.newBuilder()
                .maximumSize(config.memory().sessions())
                .expireAfterWrite(KEPT)
                .build();
    }

    /**
     * The session of an answer; empty when none lives.
     *
     * @throws DamagedRecordException when it cannot be read
     */
    Optional<SessionRecord> toRecord(SessionId id, Response answer) {
        if (!answer.get(0).toString().equals("live")) {
            return Optional.empty();
        }
        String express = answer.get(1).toString();
        Map<String, String> fields = fields(answer.get(2));
        Understood last = understood.getIfPresent(id);
        if (last != null && last.isOf(express, fields)) {
            return Optional.of(last.session());
        }
        SessionRecord session = SessionRecord.read(id, express, fields, seal);
        understood.put(id, new Understood(express, fields, session));
        return Optional.of(session);
    }

    private static Map<String, String> fields(Response values) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < FIELDS.size(); i++) {
            Response value = values.get(i);
            if (value != null) {
                fields.put(FIELDS.get(i), value.toString());
            }
        }
        return fields;
    }
}

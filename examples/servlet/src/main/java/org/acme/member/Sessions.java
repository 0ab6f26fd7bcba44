package org.acme.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;

/**
 * Reads sessions and keeps this service's attributes. Nothing is remembered between requests, so each asks Redis once, and
 * every end is heard by asking.
 */
final class Sessions {

    static final Duration IDLE = Duration.ofMinutes(30);

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 8192;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};
    private static final List<String> FIELDS = List.of(
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

    private final Redis redis;
    private final TokenSeal seal;
    private final String attributes;

    Sessions(Redis redis, TokenSeal seal, String service) {
        this.redis = redis;
        this.seal = seal;
        this.attributes = SessionRecord.ATTRIBUTES + service;
    }

    /** A session that lives, and what this service keeps in it. */
    record Found(SessionRecord session, Map<String, String> attributes) {}

    /** The session as part of its user's activity; empty when none lives. */
    Optional<Found> read(SessionId id) {
        return read(id, TOUCH_EVERY.toMillis());
    }

    /** The session without counting as activity. */
    Optional<SessionRecord> peek(SessionId id) {
        return read(id, -1).map(Found::session);
    }

    private Optional<Found> read(SessionId id, long touch) {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(IDLE.toMillis()), Long.toString(touch)));
        arguments.addAll(FIELDS);
        arguments.add(attributes);
        try {
            List<?> answer = (List<?>) redis.run("read", keys(id), arguments);
            if (!answer.get(0).equals("live")) {
                return Optional.empty();
            }
            Map<String, String> fields = new HashMap<>();
            List<?> values = (List<?>) answer.get(2);
            for (int i = 0; i < FIELDS.size(); i++) {
                if (values.get(i) != null) {
                    fields.put(FIELDS.get(i), (String) values.get(i));
                }
            }
            SessionRecord session = SessionRecord.read(id, (String) answer.get(1), fields, seal);
            String ours = (String) values.get(FIELDS.size());
            return Optional.of(new Found(session, parse(ours == null ? "" : ours)));
        } catch (DamagedRecordException e) {
            LOG.log(
                    Level.WARNING,
                    "Session {0} is damaged and counts as absent: {1}",
                    id.fingerprint(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Sets an attribute of this service.
     *
     * @return false when the session has ended
     * @throws IllegalArgumentException when this service's attributes get too large
     */
    boolean put(SessionId id, String name, String text) {
        while (true) {
            String before = redis.field(Keys.record(id), attributes);
            Map<String, String> all = parse(before);
            all.put(name, text);
            String after = format(all);
            if (after.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
                throw new IllegalArgumentException("The attributes of one service take 8 KiB at most");
            }
            long done = redis.number("write-attributes", keys(id), attributes, before, after);
            if (done != 0) {
                return done == 1;
            }
        }
    }

    static List<String> keys(SessionId id) {
        return List.of(Keys.express(id), Keys.record(id));
    }

    static String format(Map<String, ?> texts) {
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts are always JSON", e);
        }
    }

    private static Map<String, String> parse(String json) {
        try {
            return json.isEmpty() ? new TreeMap<>() : JSON.readValue(json, TEXTS);
        } catch (JsonProcessingException e) {
            return new TreeMap<>();
        }
    }
}

package org.acme.member;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.acme.session.contract.Attributes;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.ScriptCall.Touch;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.StoredSession;
import org.acme.session.contract.TokenSeal;

/**
 * Reads sessions and keeps this service's attributes. Nothing is remembered between requests, so each asks Redis once, and
 * every end is heard by asking.
 */
final class Sessions {

    static final Duration IDLE = Duration.ofMinutes(30);

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(30);

    private final Redis redis;
    private final TokenSeal seal;
    private final String attributes;
    private final List<String> fields;

    Sessions(Redis redis, TokenSeal seal, String service) {
        this.redis = redis;
        this.seal = seal;
        this.attributes = Attributes.field(service);
        this.fields = Stream.concat(SessionRecord.FIELDS.stream(), Stream.of(attributes))
                .toList();
    }

    /** A session that lives, and what this service keeps in it. */
    record Found(SessionRecord session, Map<String, String> attributes) {}

    /** The session, empty when none lives. @param background whether it is no activity of its user */
    Optional<Found> read(SessionId id, boolean background) {
        return read(id, background ? Touch.NEVER : Touch.after(TOUCH_EVERY));
    }

    /** The session without counting as activity. */
    Optional<SessionRecord> peek(SessionId id) {
        return read(id, Touch.NEVER).map(Found::session);
    }

    private Optional<Found> read(SessionId id, Touch touch) {
        try {
            return StoredSession.of(redis.list(ScriptCall.read(id, IDLE, touch, fields)), fields)
                    .map(stored -> new Found(
                            stored.session(id, seal),
                            Attributes.read(stored.fields().getOrDefault(attributes, ""))));
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
            Map<String, String> all = Attributes.read(before);
            all.put(name, text);
            long done = redis.number(ScriptCall.writeAttributes(id, attributes, before, Attributes.write(all)));
            if (done != 0) {
                return done == 1;
            }
        }
    }
}

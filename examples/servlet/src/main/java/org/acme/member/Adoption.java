package org.acme.member;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.GuestSession;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.Tokens;

/** Makes a session that a guest began one of ours, with the roles that a guest may grant, and without tokens. */
final class Adoption {

    private static final Duration ABSOLUTE = Duration.ofHours(8);
    private static final Set<String> GRANTED = Set.of("user");

    private final Redis redis;
    private final TokenSeal seal;
    private final String issuer;

    /** @param issuer the one provider whose users a guest may name */
    Adoption(Redis redis, TokenSeal seal, String issuer) {
        this.redis = redis;
        this.seal = seal;
        this.issuer = issuer;
    }

    /** @return whether there is a record now, ours or that of somebody who was faster */
    boolean adopt(SessionId id) {
        try {
            Instant now = Instant.now();
            String json = redis.get(Keys.express(id)).orElse("");
            return GuestSession.read(json)
                    .filter(guest -> guest.issuer().equals(issuer) && now.isBefore(guest.until()))
                    .map(guest -> adopt(id, guest, json, now))
                    .orElse(false);
        } catch (DamagedRecordException noText) {
            return false;
        }
    }

    private boolean adopt(SessionId id, GuestSession guest, String json, Instant now) {
        Instant ours = now.plus(ABSOLUTE);
        Instant end = guest.until().isBefore(ours) ? guest.until() : ours;
        Identity user = guest.identity(Provider.NAME, GRANTED);
        SessionRecord session = SessionRecord.begin(id, user, now, end, "", Tokens.none(end));
        ScriptCall.index(session).forEach(redis::run);
        redis.run(ScriptCall.adopt(session, json, Sessions.IDLE, seal));
        return true;
    }
}

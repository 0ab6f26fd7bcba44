package org.acme.session.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What ending a session found.
 *
 * @param outcome what happened
 * @param earlierReason why it had ended before, as the record has it; empty otherwise
 * @param user SHA-256 of issuer, NUL and subject; empty when unknown
 * @param provider name of its provider; empty when unknown
 * @param providerSessionHash names the provider's session; empty when unknown
 * @param refreshToken the refresh token by which the provider's session can be ended; empty when it had none, or that
 *     has been done
 */
public record EndResult(
        Outcome outcome,
        Optional<String> earlierReason,
        Optional<String> user,
        Optional<String> provider,
        Optional<String> providerSessionHash,
        Optional<String> refreshToken) {

    private static final Set<String> STILL_SPEAKS = Set.of(SessionRecord.SIGNED_OFF, SessionRecord.GONE);

    /** A session whose keys could not be read and are gone now. */
    public static final EndResult REMOVED = withoutRecord(Outcome.ALREADY);

    /** What ending a session did. */
    public enum Outcome {
        /** It lived until now. */
        ENDED,
        /** It had ended before. */
        ALREADY,
        /** Its tokens were refreshed meanwhile, so it lives on. */
        REFRESHED,
        /** There is no such session. */
        NONE
    }

    /**
     * Whether the session goes on. Otherwise it must be forgotten everywhere, also one that Redis does not know: an
     * instance whose clock is behind may cache a session whose end has passed.
     */
    public boolean livesOn() {
        return outcome == Outcome.REFRESHED;
    }

    /**
     * Whether a sign-off with this cookie still has something to end besides the session: it lived, a sign-off was begun, or
     * it idled out. A cookie whose session was replaced, or whose tokens the provider refused, speaks for nobody any more.
     */
    public boolean speaksForItsUser() {
        return outcome == Outcome.ENDED
                || outcome == Outcome.ALREADY
                        && earlierReason.filter(STILL_SPEAKS::contains).isPresent();
    }

    /**
     * Reads the reply of {@link Script#END}.
     *
     * @param id the session that was ended
     * @param reply as a client hands it out: an outcome, and for some of them {@code {field, value, ...}}; texts may be of any
     *     type whose {@code toString} is the text
     * @param seal opens the refresh token
     */
    public static EndResult of(SessionId id, List<?> reply, TokenSeal seal) {
        Outcome outcome = Outcome.valueOf(reply.get(0).toString().toUpperCase(Locale.ROOT));
        if (reply.size() < 2) {
            return withoutRecord(outcome);
        }
        List<?> pairs = (List<?>) reply.get(1);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            fields.put(pairs.get(i).toString(), pairs.get(i + 1).toString());
        }
        return new EndResult(
                outcome,
                Optional.ofNullable(fields.get(SessionRecord.END_REASON)),
                hash(fields, SessionRecord.SUBJECT),
                Optional.ofNullable(fields.get(SessionRecord.PROVIDER)),
                hash(fields, SessionRecord.SID),
                refreshToken(id, fields, seal));
    }

    private static EndResult withoutRecord(Outcome outcome) {
        return new EndResult(
                outcome, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What is unique at its issuer only is named together with it. */
    private static Optional<String> hash(Map<String, String> fields, String name) {
        String issuer = fields.get(SessionRecord.ISSUER);
        String value = fields.get(name);
        return issuer == null || value == null ? Optional.empty() : Optional.of(Digests.sha256(issuer, value));
    }

    /** A token that does not open cannot be revoked, which must not keep the session from ending. */
    private static Optional<String> refreshToken(SessionId id, Map<String, String> fields, TokenSeal seal) {
        try {
            return SessionRecord.openRefreshToken(id, fields.get(SessionRecord.REFRESH), seal);
        } catch (DamagedRecordException e) {
            return Optional.empty();
        }
    }
}

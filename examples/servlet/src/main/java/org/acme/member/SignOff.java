package org.acme.member;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.Digests;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;

/** Ends sessions: in Redis for good, in every memory, and at the provider. */
final class SignOff {

    private static final System.Logger LOG = System.getLogger(SignOff.class.getName());
    private static final Duration LONGEST_ACCESS_TOKEN = Duration.ofMinutes(15);
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    private final Redis redis;
    private final Sessions sessions;
    private final Provider provider;
    private final TokenSeal seal;

    SignOff(Redis redis, Sessions sessions, Provider provider, TokenSeal seal) {
        this.redis = redis;
        this.sessions = sessions;
        this.provider = provider;
        this.seal = seal;
    }

    /** When it returns, no member accepts the session any more. May be asked again. */
    void signOff(SessionId id) {
        Map<String, String> was = end(id, "signed-off", "user", "", "1");
        String earlier = was.getOrDefault(SessionRecord.END_REASON, "");
        if (was.get("outcome").equals("ended") || earlier.equals("signed-off") || earlier.equals(SessionRecord.GONE)) {
            endSiblings(id, was);
            endAtProvider(id, was);
        }
        CompletableFuture.delayedExecutor(SECOND_LOOK.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> lookAgain(id));
    }

    /** A guest's write in flight has arrived by then. */
    private void lookAgain(SessionId id) {
        try {
            sessions.peek(id);
        } catch (UnavailableException e) {
            LOG.log(Level.DEBUG, "No second look at {0}", id);
        }
    }

    /** A new sign-in has replaced it. Nothing ends at the provider. */
    void replaced(SessionId id) {
        end(id, "replaced", "user", "", "");
    }

    /** The provider refused its refresh token, unless other tokens are there by now. */
    void refreshRefused(SessionRecord session) {
        end(session.id(), "refresh-refused", "provider", Long.toString(session.tokensRev()), "");
    }

    private Map<String, String> end(SessionId id, String reason, String actor, String tokensRev, String keepRefresh) {
        List<?> answer = (List<?>) redis.run("end", Sessions.keys(id), List.of(reason, actor, tokensRev, keepRefresh));
        Map<String, String> was = new HashMap<>();
        if (answer.size() > 1) {
            List<?> pairs = (List<?>) answer.get(1);
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                was.put((String) pairs.get(i), (String) pairs.get(i + 1));
            }
        }
        was.put("outcome", (String) answer.get(0));
        forgetEverywhere();
        return was;
    }

    /** No transport here: takes every lease, and waits until the last of them has run out, a second at most. */
    private void forgetEverywhere() {
        List<String> holders = ((List<?>) redis.run("lease-holders", List.of(Keys.LEASES), List.of()))
                .stream().map(String.class::cast).toList();
        if (!holders.isEmpty()) {
            Refresher.sleep(Duration.ofMillis((Long) redis.run("lease-revoke", List.of(Keys.LEASES), holders)));
        }
    }

    /** Tabs that signed in at once have a session each; they end with the provider session that they share. */
    private void endSiblings(SessionId id, Map<String, String> was) {
        String sid = was.get(SessionRecord.SID);
        if (sid == null) {
            return;
        }
        String hash = Digests.sha256(was.get(SessionRecord.ISSUER), sid);
        redis.number(
                "mark-ended", List.of(Keys.endedProviderSession(hash)), Long.toString(LONGEST_ACCESS_TOKEN.toMillis()));
        List<String> ids = redis.members(Keys.providerSessionIndex(hash));
        ids.stream()
                .filter(other -> !other.equals(id.value()))
                .forEach(other -> end(new SessionId(other), "signed-off", "user", "", ""));
        if (!ids.isEmpty()) {
            redis.remove(Keys.providerSessionIndex(hash), ids);
        }
    }

    private void endAtProvider(SessionId id, Map<String, String> was) {
        try {
            Optional<String> token = SessionRecord.openRefreshToken(id, was.get(SessionRecord.REFRESH), seal);
            if (token.isPresent()) {
                provider.endSession(token);
                redis.number("provider-ended", List.of(Keys.record(id)));
            }
        } catch (DamagedRecordException | UnavailableException e) {
            LOG.log(Level.WARNING, "The provider''s session goes on: {0}", e.getMessage());
        }
    }
}

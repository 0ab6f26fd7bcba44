package org.acme.member;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
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
        EndResult ended = end(id, ScriptCall.endKeepingRefreshToken(id, SessionRecord.SIGNED_OFF, "user"));
        if (ended.speaksForItsUser()) {
            ended.providerSessionHash().ifPresent(hash -> endSiblings(id, hash));
            ended.refreshToken().ifPresent(token -> endAtProvider(id, token));
        }
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
        end(id, ScriptCall.end(id, "replaced", "user"));
    }

    /** The provider refused its refresh token, unless other tokens are there by now. */
    void refreshRefused(SessionRecord session) {
        SessionId id = session.id();
        EndResult ended =
                end(id, ScriptCall.endUnlessRefreshed(id, "refresh-refused", "provider", session.tokensRev()));
        if (!ended.livesOn()) {
            markTokens(session);
        }
    }

    /** Bearer tokens end with it: all that the provider issued for it up to the last one, and none that it issues later. */
    private void markTokens(SessionRecord session) {
        Optional<Instant> last = Provider.issuedAt(session.tokens().access());
        Optional<String> hash = session.identity().providerSessionHash();
        if (last.isPresent() && hash.isPresent()) {
            redis.run(ScriptCall.markEnded(
                    Keys.endedProviderSession(hash.get()),
                    LONGEST_ACCESS_TOKEN,
                    last.get().minus(SignIn.SKEW)));
        }
    }

    private EndResult end(SessionId id, ScriptCall call) {
        EndResult ended;
        try {
            ended = EndResult.of(id, redis.list(call), seal);
        } catch (DamagedRecordException noRecord) {
            // It cannot be marked as ended. It opens nothing, and it must not stay.
            redis.delete(Keys.of(id));
            ended = EndResult.REMOVED;
        }
        CompletableFuture.delayedExecutor(SECOND_LOOK.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> lookAgain(id));
        forgetEverywhere();
        return ended;
    }

    /** No transport here: takes every lease, and waits until the last of them has run out, a second at most. */
    private void forgetEverywhere() {
        List<String> holders = redis.list(ScriptCall.leaseHolders()).stream()
                .map(String.class::cast)
                .toList();
        if (!holders.isEmpty()) {
            Refresher.sleep(Duration.ofMillis(redis.number(ScriptCall.revokeLeases(holders))));
        }
    }

    /** Tabs that signed in at once have a session each; they end with the provider session that they share. */
    private void endSiblings(SessionId id, String providerSessionHash) {
        redis.run(ScriptCall.markEnded(Keys.endedProviderSession(providerSessionHash), LONGEST_ACCESS_TOKEN));
        List<String> ids = redis.members(Keys.providerSessionIndex(providerSessionHash));
        ids.stream()
                .map(SessionId::new)
                .filter(other -> !other.equals(id))
                .forEach(other -> end(other, ScriptCall.end(other, SessionRecord.SIGNED_OFF, "user")));
        if (!ids.isEmpty()) {
            redis.remove(Keys.providerSessionIndex(providerSessionHash), ids);
        }
    }

    private void endAtProvider(SessionId id, String refreshToken) {
        try {
            provider.endSession(refreshToken);
            redis.run(ScriptCall.providerEnded(id));
        } catch (UnavailableException e) {
            LOG.log(Level.WARNING, "The provider''s session goes on: {0}", e.getMessage());
        }
    }
}

package org.acme.member;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;

/** Refreshes tokens once in the whole fleet: who does not get the lock uses what the winner wrote. */
final class Refresher {

    private static final Duration AHEAD = Duration.ofSeconds(15);
    private static final Duration LOCK = Duration.ofSeconds(5);
    private static final Duration WAIT_AT_MOST = Duration.ofSeconds(5);
    private static final Duration SIGN_IN_AGAIN = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(40);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "lock-extend");
        thread.setDaemon(true);
        return thread;
    });
    private final Redis redis;
    private final Sessions sessions;
    private final Provider provider;
    private final SignOff signOff;
    private final TokenSeal seal;

    Refresher(Redis redis, Sessions sessions, Provider provider, SignOff signOff, TokenSeal seal) {
        this.redis = redis;
        this.sessions = sessions;
        this.provider = provider;
        this.signOff = signOff;
        this.seal = seal;
    }

    /** The session with tokens that are good; empty when it has ended meanwhile. */
    Optional<SessionRecord> refreshed(SessionRecord session) {
        Instant deadline = Instant.now().plus(WAIT_AT_MOST);
        Optional<SessionRecord> now = Optional.of(session);
        while (now.filter(Refresher::isDue).isPresent()) {
            String holder = UUID.randomUUID().toString();
            if (redis.lock(Keys.refreshLock(session.id()), holder, LOCK.toMillis())) {
                return refreshHolding(session, holder);
            }
            if (!hasExpired(now.get())) {
                return now;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new UnavailableException("Somebody else is still refreshing the tokens", null);
            }
            sleep(LOOK_AGAIN);
            now = sessions.peek(session.id());
        }
        return now;
    }

    private Optional<SessionRecord> refreshHolding(SessionRecord session, String holder) {
        long every = LOCK.toMillis() / 3;
        ScheduledFuture<?> extending = timer.scheduleAtFixedRate(
                () -> redis.run(ScriptCall.extendLock(session.id(), holder, LOCK)),
                every,
                every,
                TimeUnit.MILLISECONDS);
        try {
            // The winner before us may have written.
            Optional<SessionRecord> now = sessions.peek(session.id());
            if (now.filter(Refresher::isDue).isEmpty()) {
                return now;
            }
            boolean useless = redis.get(Keys.signInWanted(session.id()))
                    .equals(Optional.of(Long.toString(now.get().tokensRev())));
            return useless ? now.filter(due -> !hasExpired(due)) : grant(now.get());
        } finally {
            extending.cancel(false);
            redis.run(ScriptCall.releaseLock(session.id(), holder));
        }
    }

    private Optional<SessionRecord> grant(SessionRecord session) {
        try {
            Provider.Grant granted = provider.refresh(session);
            long written = redis.number(ScriptCall.writeTokens(granted.said(session), seal));
            if (written == -1) {
                // A sign-off came between.
                granted.tokens().refresh().ifPresent(provider::endSession);
            }
        } catch (Provider.RefusedException refused) {
            signOff.refreshRefused(session);
        } catch (Provider.UselessException useless) {
            redis.set(Keys.signInWanted(session.id()), Long.toString(session.tokensRev()), SIGN_IN_AGAIN.toMillis());
            return Optional.of(session).filter(due -> !hasExpired(due));
        } catch (UnavailableException unclear) {
            if (hasExpired(session)) {
                throw unclear;
            }
            return Optional.of(session);
        }
        return sessions.peek(session.id());
    }

    private static boolean isDue(SessionRecord session) {
        return session.tokens().refresh().isPresent()
                && Instant.now().isAfter(session.tokens().accessExpires().minus(AHEAD));
    }

    private static boolean hasExpired(SessionRecord session) {
        return Instant.now().isAfter(session.tokens().accessExpires());
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted", e);
        }
    }
}

package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.acme.session.contract.Digests;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.UserEntry;
import org.acme.session.internal.config.SsoConfig;

/** Finds sessions by user and by provider session, and remembers which provider sessions have ended. */
@Singleton
public class SessionIndex {

    /** The provider's clock may be ahead of Redis' by that much. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    /** The clocks of our own machines, Redis' among them, are kept that close together. */
    private static final Duration OUR_CLOCKS_DIFFER = Duration.ofSeconds(1);

    private final RedisGateway redis;
    private final Duration maxAccessTokenLifetime;

    SessionIndex(RedisGateway redis, SsoConfig config) {
        this.redis = redis;
        this.maxAccessTokenLifetime = config.session().maxAccessTokenLifetime();
    }

    /** Enters a session; done before the record is written, so that none can be missed. */
    public Uni<Void> add(SessionRecord session) {
        List<Uni<Response>> writes =
                ScriptCall.index(session).stream().map(redis::run).toList();
        return Uni.join().all(writes).andFailFast().replaceWithVoid();
    }

    /** Has a session's user found by what they are called now, and no longer by what they were. */
    public Uni<Void> renamed(Identity before, SessionRecord session) {
        String old = UserEntry.of(before).member();
        String now = UserEntry.of(session.identity()).member();
        return old.equals(now)
                ? Uni.createFrom().voidItem()
                : redis.run(ScriptCall.index(Keys.USERS, now, session.until()))
                        .chain(() -> redis.send(Command.ZREM, Keys.USERS, old))
                        .replaceWithVoid();
    }

    /** The sessions that a provider session opened; some of them may have ended. */
    public Uni<List<SessionId>> ofProviderSession(String providerSessionHash) {
        return sessionsIn(Keys.providerSessionIndex(providerSessionHash));
    }

    /** The sessions of a user; some of them may have ended. */
    public Uni<List<SessionId>> ofUser(String issuer, String subject) {
        return ofUser(Digests.sha256(issuer, subject));
    }

    /** @param user SHA-256 of issuer, NUL and subject */
    public Uni<List<SessionId>> ofUser(String user) {
        return sessionsIn(Keys.userIndex(user));
    }

    /** How many sessions a user has, those counted that are over and not yet swept. */
    public Uni<Integer> countOfUser(String user) {
        return redis.send(Command.ZCARD, Keys.userIndex(user)).map(Response::toInteger);
    }

    private Uni<List<SessionId>> sessionsIn(String index) {
        return redis.send(Command.ZRANGE, index, "0", "-1").map(ids -> {
            List<SessionId> sessions = new ArrayList<>();
            ids.forEach(id -> SessionId.of(id.toString()).ifPresent(sessions::add));
            return sessions;
        });
    }

    /** Takes sessions that have ended out of their provider session's index. */
    public Uni<Void> remove(String providerSessionHash, Collection<SessionId> ended) {
        return removeFrom(Keys.providerSessionIndex(providerSessionHash), ended);
    }

    /** Takes sessions that have ended out of their user's index. */
    public Uni<Void> removeOfUser(String user, Collection<SessionId> ended) {
        return removeFrom(Keys.userIndex(user), ended);
    }

    private Uni<Void> removeFrom(String index, Collection<SessionId> ended) {
        if (ended.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<String> arguments = new ArrayList<>(List.of(index));
        ended.forEach(id -> arguments.add(id.value()));
        return redis.send(Command.ZREM, arguments.toArray(String[]::new)).replaceWithVoid();
    }

    /** Notes that a provider session has ended now, for as long as its access tokens can be around. */
    public Uni<Void> markEnded(String providerSessionHash) {
        return redis.run(ScriptCall.markEnded(Keys.endedProviderSession(providerSessionHash), maxAccessTokenLifetime))
                .replaceWithVoid();
    }

    /**
     * Notes that what a provider session issued until then is worthless, and that what it issues later counts. By the
     * provider's clock alone, so that there is nothing to allow for.
     *
     * @param issuedAt of the last token that is worthless
     */
    public Uni<Void> markEndedUntil(String providerSessionHash, Instant issuedAt) {
        return redis.run(ScriptCall.markEnded(
                        Keys.endedProviderSession(providerSessionHash), maxAccessTokenLifetime, issuedAt.minus(SKEW)))
                .replaceWithVoid();
    }

    /**
     * Notes that a user is signed out as a whole now: a sign-in under way has to begin anew, and bearer tokens are worthless,
     * those of provider sessions that opened none of ours included.
     */
    public Uni<Void> markUserEnded(String issuer, String subject) {
        return markUserEnded(Digests.sha256(issuer, subject));
    }

    /** @param user SHA-256 of issuer, NUL and subject */
    public Uni<Void> markUserEnded(String user) {
        return redis.run(ScriptCall.markEnded(Keys.endedUser(user), maxAccessTokenLifetime))
                .replaceWithVoid();
    }

    /**
     * Whether what a provider session issued at that time is worthless, because that provider session has ended since.
     * A provider that could not be reached at sign-off may go on with the same session; what it issues later counts.
     *
     * @param providerSessionHash empty for a token that names no provider session
     * @param issuedAt by the provider's clock
     */
    public Uni<Boolean> hasEndedSince(Optional<String> providerSessionHash, Instant issuedAt) {
        return providerSessionHash
                .map(hash -> isMarkedSince(Keys.endedProviderSession(hash), issuedAt.minus(SKEW)))
                .orElseGet(() -> Uni.createFrom().item(false));
    }

    /**
     * Whether a sign-in counts, as far as its provider session is concerned. One that began after that session had ended here does: the
     * provider goes on with it, since it could not be told, or would not hear; what it issues from now on counts, bearer
     * tokens too.
     *
     * @param providerSessionHash empty where the provider names none
     * @param begun when the browser was sent to the provider, by our clock, which is Redis' to within a second
     * @param issuedAt of the ID token, by the provider's clock
     */
    public Uni<Boolean> beginsAnew(Optional<String> providerSessionHash, Instant begun, Instant issuedAt) {
        if (providerSessionHash.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        String key = Keys.endedProviderSession(providerSessionHash.get());
        return redis.send(Command.GET, key).chain(mark -> {
            if (mark == null) {
                return Uni.createFrom().item(true);
            }
            if (!begun.minus(OUR_CLOCKS_DIFFER).isAfter(Instant.ofEpochMilli(mark.toLong()))) {
                return Uni.createFrom().item(false);
            }
            Instant earlier = issuedAt.minus(SKEW).minusMillis(1);
            return earlier.toEpochMilli() >= mark.toLong()
                    ? Uni.createFrom().item(true)
                    : redis.run(ScriptCall.endsBefore(key, mark.toString(), earlier))
                            .map(done -> done.toInteger() == 1);
        });
    }

    /** The same for all that was issued to a user; without an allowance for clocks, which would keep the user out so long. */
    public Uni<Boolean> hasUserEndedSince(String issuer, String subject, Instant issuedAt) {
        return isMarkedSince(Keys.endedUser(issuer, subject), issuedAt);
    }

    /**
     * When that user was last signed out as a whole, by Redis' clock; empty when that is longer ago than any access token
     * lives.
     */
    public Uni<Optional<Instant>> userEndedAt(String issuer, String subject) {
        return markedAt(Keys.endedUser(issuer, subject));
    }

    private Uni<Boolean> isMarkedSince(String key, Instant issuedAt) {
        return markedAt(key)
                .map(mark -> mark.filter(at -> !issuedAt.isAfter(at)).isPresent());
    }

    private Uni<Optional<Instant>> markedAt(String key) {
        return redis.send(Command.GET, key)
                .map(mark -> Optional.ofNullable(mark).map(it -> Instant.ofEpochMilli(it.toLong())));
    }
}

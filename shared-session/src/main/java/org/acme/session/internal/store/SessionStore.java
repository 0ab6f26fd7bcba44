package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.ScriptCall.Touch;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.SessionSummary;
import org.acme.session.contract.StoredSession;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.jboss.logging.Logger;

/**
 * The sessions in Redis. Every method is one script, so one round trip and one atomic step; every result fails with
 * {@link org.acme.session.SessionUnavailableException} when Redis cannot be asked.
 */
@Singleton
public class SessionStore {

    private final DamageLog damages = new DamageLog(Logger.getLogger(SessionStore.class), System::nanoTime);

    private final RedisGateway redis;
    private final DecodedSessions known;
    private final SessionAudit audit;
    private final TokenSeal seal;
    private final boolean secure;
    private final Duration idle;
    private final Touch touch;
    private final Touch touchWhileTokenIsValid;

    SessionStore(
            RedisGateway redis,
            DecodedSessions known,
            SessionAudit audit,
            TokenSeal seal,
            BaseUrl baseUrl,
            SsoConfig config) {
        this.redis = redis;
        this.known = known;
        this.audit = audit;
        this.seal = seal;
        this.secure = baseUrl.secure();
        this.idle = config.session().idleTimeout();
        this.touch = Touch.after(config.session().touchInterval());
        this.touchWhileTokenIsValid =
                Touch.afterWhileTokenIsValid(config.session().touchInterval());
    }

    /** Begins a session. False when its id is in use. */
    public Uni<Boolean> create(SessionRecord session) {
        return redis.run(ScriptCall.create(session, idle, secure, seal)).map(answer -> answer.toInteger() == 1);
    }

    /** What Express' key holds, whoever wrote it; empty when there is none. */
    public Uni<Optional<String>> guestJson(SessionId id) {
        return redis.send(Command.GET, Keys.express(id))
                .map(json -> Optional.ofNullable(json).map(Response::toString))
                .onFailure(DamagedRecordException.class)
                .recoverWithItem(Optional.empty());
    }

    /**
     * Gives a guest's session its record. False when it has one, or has changed.
     *
     * @param json what {@link #guestJson} said
     */
    public Uni<Boolean> adopt(SessionRecord session, String json) {
        return redis.run(ScriptCall.adopt(session, json, idle, seal)).map(answer -> answer.toInteger() == 1);
    }

    /**
     * Reads a session as part of its user's activity, which keeps it from idling out. With an access token that has expired it is
     * none: the request may come to nothing, and an outage of the provider is no reason to live longer. Empty when none lives.
     */
    public Uni<Optional<SessionRecord>> readAsActivity(SessionId id) {
        return read(id, touchWhileTokenIsValid);
    }

    /** The same of a user who says so and asks for nothing: it counts whatever has become of the access token. */
    public Uni<Optional<SessionRecord>> readAsWordOfTheUser(SessionId id) {
        return read(id, touch);
    }

    /** Reads a session without counting as activity. Empty when none lives. */
    public Uni<Optional<SessionRecord>> peek(SessionId id) {
        return read(id, Touch.NEVER);
    }

    /** How long a session would last that nobody uses; zero when none lives. Not activity. */
    public Uni<Duration> timeLeft(SessionId id) {
        return redis.send(Command.PTTL, Keys.express(id)).map(left -> Duration.ofMillis(Math.max(0, left.toLong())));
    }

    /** Why a session has ended, as its record has it; empty when it lives, or nothing is left of it. */
    public Uni<Optional<String>> endReason(SessionId id) {
        return field(id, SessionRecord.END_REASON);
    }

    /** Where a session's user was signed in, also when it has ended; empty when nothing is left of it. */
    public Uni<Optional<String>> providerOf(SessionId id) {
        return field(id, SessionRecord.PROVIDER);
    }

    private Uni<Optional<String>> field(SessionId id, String name) {
        return redis.send(Command.HGET, Keys.record(id), name)
                .map(value -> Optional.ofNullable(value).map(Response::toString))
                .onFailure(DamagedRecordException.class)
                .recoverWithItem(Optional.empty());
    }

    private Uni<Optional<SessionRecord>> read(SessionId id, Touch touch) {
        return known.find(id)
                .map(last -> redis.run(ScriptCall.readUnless(id, idle, touch, last.tokensRev(), last.expressSha1()))
                        .chain(answer -> switch (answer.get(0).toString()) {
                            case "same" -> Uni.createFrom().item(Optional.of(last.session()));
                            case "changed" -> readWhole(id, touch);
                            default -> Uni.createFrom().item(Optional.<SessionRecord>empty());
                        }))
                .orElseGet(() -> readWhole(id, touch))
                .onFailure(DamagedRecordException.class)
                .recoverWithItem(failure -> {
                    audit.damaged(id);
                    damages.warn(id, failure.getMessage());
                    return Optional.empty();
                });
    }

    /** What a list of sessions says about one that lives, without counting as activity. Empty when none lives. */
    public Uni<Optional<SessionSummary>> summary(SessionId id) {
        return redis.run(ScriptCall.read(id, idle, Touch.NEVER, SessionSummary.FIELDS))
                .map(answer -> StoredSession.of(RedisGateway.list(answer), SessionSummary.FIELDS)
                        .map(stored -> SessionSummary.read(id, stored.fields())))
                .onFailure(DamagedRecordException.class)
                .recoverWithItem(Optional.empty());
    }

    /** Whether a session bears the mark of its end. One that is not there does not, nor does one being begun. */
    public Uni<Boolean> hasEnded(SessionId id) {
        return redis.send(Command.HGET, Keys.record(id), SessionRecord.STATE)
                .map(state -> state != null && state.toString().equals(SessionRecord.ENDED))
                .onFailure(DamagedRecordException.class)
                .recoverWithItem(false);
    }

    private Uni<Optional<SessionRecord>> readWhole(SessionId id, Touch touch) {
        return redis.run(ScriptCall.read(id, idle, touch, SessionRecord.FIELDS))
                .map(answer -> StoredSession.of(RedisGateway.list(answer), SessionRecord.FIELDS)
                        .map(stored -> known.learn(id, stored)));
    }

    /** Ends a session for good. One that a sign-in replaces is no sign-off: it waits for no replica. */
    public Uni<EndResult> end(SessionId id, Reason reason, Actor actor) {
        ScriptCall call = ScriptCall.end(id, reason.text(), actor.text());
        return end(reason == Reason.REPLACED ? redis.runAtMaster(call) : redis.run(call), id);
    }

    /**
     * Ends a session for good, and keeps its sealed refresh token until {@link #providerEnded}: whoever is asked to sign
     * the user off again can then still end the provider's session.
     */
    public Uni<EndResult> endWithProvider(SessionId id, Reason reason, Actor actor) {
        return end(redis.run(ScriptCall.endKeepingRefreshToken(id, reason.text(), actor.text())), id);
    }

    /** The provider's session of an ended session has ended too. */
    public Uni<Void> providerEnded(SessionId id) {
        return redis.run(ScriptCall.providerEnded(id)).replaceWithVoid();
    }

    /** Ends a session for good, unless its tokens have been refreshed since that revision. */
    public Uni<EndResult> endUnlessRefreshed(SessionId id, Reason reason, Actor actor, long tokensRev) {
        return end(redis.run(ScriptCall.endUnlessRefreshed(id, reason.text(), actor.text(), tokensRev)), id);
    }

    private Uni<EndResult> end(Uni<Response> script, SessionId id) {
        return script.map(answer -> EndResult.of(id, RedisGateway.list(answer), seal))
                .onFailure(DamagedRecordException.class)
                .recoverWithUni(() -> remove(id));
    }

    /** What is no record of ours cannot be marked. It opens nothing, but it must not stay either. */
    private Uni<EndResult> remove(SessionId id) {
        return redis.send(Command.DEL, Keys.of(id).toArray(String[]::new)).replaceWith(EndResult.REMOVED);
    }

    /** What became of a write of refreshed tokens. */
    public enum TokenWrite {
        WRITTEN,
        OTHER_TOKENS_THERE,
        /** A sign-off came between, which ends the provider's session as well ({@link SessionStore#endWithProvider}). */
        SIGNED_OFF,
        /** The session has ended alone. */
        SESSION_ENDED
    }

    /**
     * Replaces the tokens of a session, and what they say of its user.
     *
     * @param refreshed of the revision that it replaces
     */
    public Uni<TokenWrite> writeTokens(SessionRecord refreshed) {
        return redis.run(ScriptCall.writeTokens(refreshed, seal)).map(answer -> switch (answer.toInteger()) {
            case 0 -> TokenWrite.OTHER_TOKENS_THERE;
            case -1 -> TokenWrite.SIGNED_OFF;
            case -2 -> TokenWrite.SESSION_ENDED;
            default -> TokenWrite.WRITTEN;
        });
    }

    /** Tells guests the name and the roles that a session's user has now. A guest that writes at the same moment wins. */
    public Uni<Void> tellGuests(SessionRecord session) {
        SessionId id = session.id();
        return guestJson(id)
                .map(json -> json.flatMap(before -> ExpressRecord.saying(before, session.identity())
                        .map(after -> ScriptCall.writeUser(id, before, after))))
                .chain(change -> change.map(call -> redis.run(call).replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}

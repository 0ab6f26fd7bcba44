package org.acme.session.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.SsoConfig;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.SessionSummary;
import org.acme.session.contract.TokenSeal;
import org.acme.session.journal.SessionJournal;
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
    private final KnownSessions known;
    private final SessionJournal journal;
    private final TokenSeal seal;
    private final boolean secure;
    private final String idle;
    private final String touchEvery;

    SessionStore(
            RedisGateway redis,
            KnownSessions known,
            SessionJournal journal,
            TokenSeal seal,
            BaseUrl baseUrl,
            SsoConfig config) {
        this.redis = redis;
        this.known = known;
        this.journal = journal;
        this.seal = seal;
        this.secure = baseUrl.secure();
        this.idle = Long.toString(config.session().idle().toMillis());
        this.touchEvery = Long.toString(config.session().touchEvery().toMillis());
    }

    /** Begins a session. False when its id is in use. */
    public Uni<Boolean> create(SessionRecord session) {
        List<String> arguments = new ArrayList<>(List.of(
                idle,
                Long.toString(session.until().toEpochMilli()),
                ExpressRecord.write(session.identity(), session.until(), secure)));
        addAll(arguments, session.write(seal));
        return redis.run(Script.CREATE, keys(session.id()), arguments).map(answer -> answer.toInteger() == 1);
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
        List<String> arguments = new ArrayList<>(
                List.of(json, idle, Long.toString(session.until().toEpochMilli())));
        addAll(arguments, session.write(seal));
        return redis.run(Script.ADOPT, keys(session.id()), arguments).map(answer -> answer.toInteger() == 1);
    }

    /**
     * Reads a session as part of its user's activity, which keeps it from idling out. With an access token that has expired it is
     * none: the request may come to nothing, and an outage of the provider is no reason to live longer. Empty when none lives.
     */
    public Uni<Optional<SessionRecord>> readAsActivity(SessionId id) {
        return read(id, touchEvery + " alive");
    }

    /** The same of a user who says so and asks for nothing: it counts whatever has become of the access token. */
    public Uni<Optional<SessionRecord>> readAsWordOfTheUser(SessionId id) {
        return read(id, touchEvery);
    }

    /** Reads a session without counting as activity. Empty when none lives. */
    public Uni<Optional<SessionRecord>> peek(SessionId id) {
        return read(id, "-1");
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
                .map(value -> Optional.ofNullable(value).map(Response::toString));
    }

    private Uni<Optional<SessionRecord>> read(SessionId id, String touch) {
        return known.find(id)
                .map(last -> redis.run(
                                Script.READ,
                                keys(id),
                                List.of(idle, touch, "unless", last.tokensRev(), last.expressSha1()))
                        .chain(answer -> switch (answer.get(0).toString()) {
                            case "same" -> Uni.createFrom().item(Optional.of(last.session()));
                            case "changed" -> readWhole(id, touch);
                            default -> Uni.createFrom().item(Optional.<SessionRecord>empty());
                        }))
                .orElseGet(() -> readWhole(id, touch))
                .onFailure(DamagedRecordException.class)
                .recoverWithItem(failure -> {
                    journal.damaged(id);
                    damages.warn(id, failure.getMessage());
                    return Optional.empty();
                });
    }

    /** What a list of sessions says about one that lives, without counting as activity. Empty when none lives. */
    public Uni<Optional<SessionSummary>> summary(SessionId id) {
        List<String> arguments = new ArrayList<>(List.of(idle, "-1"));
        arguments.addAll(SessionSummary.FIELDS);
        return redis.run(Script.READ, keys(id), arguments)
                .map(answer -> answer.get(0).toString().equals("live")
                        ? Optional.of(
                                SessionSummary.read(id, KnownSessions.fields(SessionSummary.FIELDS, answer.get(2))))
                        : Optional.<SessionSummary>empty())
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

    private Uni<Optional<SessionRecord>> readWhole(SessionId id, String touch) {
        List<String> arguments = new ArrayList<>(List.of(idle, touch));
        arguments.addAll(KnownSessions.FIELDS);
        return redis.run(Script.READ, keys(id), arguments).map(answer -> known.learn(id, answer));
    }

    /** Ends a session for good. */
    public Uni<EndResult> end(SessionId id, Reason reason, Actor actor) {
        return end(id, reason, actor, "", "");
    }

    /**
     * Ends a session for good, and keeps its sealed refresh token until {@link #providerEnded}: whoever is asked to sign
     * the user off again can then still end the provider's session.
     */
    public Uni<EndResult> endWithProvider(SessionId id, Reason reason, Actor actor) {
        return end(id, reason, actor, "", "1");
    }

    /** The provider's session of an ended session has ended too. */
    public Uni<Void> providerEnded(SessionId id) {
        return redis.run(Script.PROVIDER_ENDED, List.of(Keys.record(id)), List.of())
                .replaceWithVoid();
    }

    /** Ends a session for good, unless its tokens have been refreshed since that revision. */
    public Uni<EndResult> endUnlessRefreshed(SessionId id, Reason reason, Actor actor, long tokensRev) {
        return end(id, reason, actor, Long.toString(tokensRev), "");
    }

    private Uni<EndResult> end(SessionId id, Reason reason, Actor actor, String tokensRev, String keepRefresh) {
        return redis.run(Script.END, keys(id), List.of(reason.text(), actor.text(), tokensRev, keepRefresh))
                .map(answer -> EndResult.read(id, answer, seal))
                .onFailure(DamagedRecordException.class)
                .recoverWithUni(() -> remove(id));
    }

    /** What is no record of ours cannot be marked. It opens nothing, but it must not stay either. */
    private Uni<EndResult> remove(SessionId id) {
        return redis.send(Command.DEL, keys(id).toArray(String[]::new)).replaceWith(EndResult.REMOVED);
    }

    /** What became of a write of refreshed tokens. */
    public enum TokenWrite {
        WRITTEN,
        OTHER_TOKENS_THERE,
        SESSION_ENDED
    }

    /**
     * Replaces the tokens of a session, and what they say of its user.
     *
     * @param refreshed of the revision that it replaces
     */
    public Uni<TokenWrite> writeTokens(SessionRecord refreshed) {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(refreshed.tokensRev())));
        addAll(arguments, refreshed.writeRefreshed(seal));
        return redis.run(Script.WRITE_TOKENS, List.of(Keys.record(refreshed.id())), arguments)
                .map(answer -> switch (Integer.signum(answer.toInteger())) {
                    case 1 -> TokenWrite.WRITTEN;
                    case 0 -> TokenWrite.OTHER_TOKENS_THERE;
                    default -> TokenWrite.SESSION_ENDED;
                });
    }

    /** Tells guests the name and the roles that a session's user has now. A guest that writes at the same moment wins. */
    public Uni<Void> tellGuests(SessionRecord session) {
        return guestJson(session.id())
                .map(json -> json.flatMap(
                        read -> ExpressRecord.saying(read, session.identity()).map(said -> List.of(read, said))))
                .chain(change -> change.map(arguments -> redis.run(Script.WRITE_USER, keys(session.id()), arguments)
                                .replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    static List<String> keys(SessionId id) {
        return List.of(Keys.express(id), Keys.record(id));
    }

    private static void addAll(List<String> arguments, Map<String, String> fields) {
        fields.forEach((name, value) -> {
            arguments.add(name);
            arguments.add(value);
        });
    }
}

package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.acme.session.SignOffOutcome;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.EndResult.Outcome;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.oidc.Claims;
import org.acme.session.internal.oidc.LogoutAtProvider;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.jboss.logging.Logger;

/**
 * Ends sessions: first in Redis, for good; then in every cache ({@link FleetInvalidation}); and beside that at the
 * provider. Every result fails with {@link org.acme.session.SessionUnavailableException} when Redis cannot be asked;
 * asking again completes what was begun.
 */
@Singleton
public class SignOff {

    private static final Logger LOG = Logger.getLogger(SignOff.class);

    /** A guest's write that was in flight has arrived by then. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    /** What the provider answers decides which page comes next, and no more; telling it goes on without who waits. */
    private static final Duration WAIT_FOR_PROVIDER = Duration.ofSeconds(2);

    private final SessionStore store;
    private final SessionIndex index;
    private final FleetInvalidation everywhere;
    private final LogoutAtProvider providerSessions;
    private final Vertx vertx;
    private final SessionAudit audit;

    SignOff(
            SessionStore store,
            SessionIndex index,
            FleetInvalidation everywhere,
            LogoutAtProvider providerSessions,
            Vertx vertx,
            SessionAudit audit) {
        this.store = store;
        this.index = index;
        this.everywhere = everywhere;
        this.providerSessions = providerSessions;
        this.vertx = vertx;
        this.audit = audit;
    }

    /**
     * Signs a user off in one browser: ends the session, the others that the same provider session opened, and that
     * provider session. May be asked twice.
     */
    public Uni<SignOffResult> signOff(SessionId id, Actor actor) {
        return Uni.createFrom().deferred(() -> signOff(id, actor, deadline()));
    }

    /** Until when who signs off from now on waits for the provider, for one session or for a hundred. */
    static long deadline() {
        return System.nanoTime() + WAIT_FOR_PROVIDER.toNanos();
    }

    /** The same as one of several. @param deadline until when the provider is waited for, as nanoTime has it */
    Uni<SignOffResult> signOff(SessionId id, Actor actor, long deadline) {
        return Uni.createFrom().deferred(() -> {
            SignOffSteps steps = new SignOffSteps();
            return endEverything(id, actor, deadline, steps)
                    .map(steps::result)
                    .onItem()
                    .invoke(result -> answered(id, result, steps))
                    .onFailure()
                    .invoke(() -> audit.signOffAnswered(SessionAudit.SignOff.STORE_UNAVAILABLE, steps.took()));
        });
    }

    private void answered(SessionId id, SignOffResult result, SignOffSteps steps) {
        audit.signOffAnswered(SessionAudit.SignOff.valueOf(result.outcome().name()), result.took());
        if (result.instances() > 0) {
            steps.done("answered");
            audit.signOffWent(id, steps.millis());
        }
    }

    private Uni<SignOffOutcome> endEverything(SessionId id, Actor actor, long deadline, SignOffSteps steps) {
        return store.endWithProvider(id, Reason.SIGNED_OFF, actor).chain(ended -> {
            steps.done("redis");
            if (!ended.speaksForItsUser()) {
                return finish(id, ended, Reason.SIGNED_OFF, actor).replaceWith(SignOffOutcome.SIGNED_OFF);
            }
            Uni<Void> here = markAndEndSiblings(id, ended, actor)
                    .call(() -> invalidate(id, ended, Reason.SIGNED_OFF, actor).invoke(steps::forgotten))
                    .chain(sessions -> leaveIndexes(id, ended, sessions));
            return Uni.combine()
                    .all()
                    .unis(here, endAtProvider(id, ended, deadline).invoke(told -> toldProvider(ended, told, steps)))
                    .asTuple()
                    .map(both -> both.getItem2());
        });
    }

    private static void toldProvider(EndResult ended, SignOffOutcome told, SignOffSteps steps) {
        if (ended.refreshToken().isPresent() && told == SignOffOutcome.SIGNED_OFF) {
            steps.done("provider");
        }
    }

    /** Ends a session that a new sign-in in the same browser has replaced. Nothing ends at the provider. */
    public Uni<Void> replaced(SessionId id) {
        return end(id, Reason.REPLACED, Actor.USER).replaceWithVoid();
    }

    /**
     * Ends a session whose refresh token the provider refused, unless other tokens are there by now.
     *
     * @param session as it was when its refresh token was used
     * @return whether it has ended
     */
    Uni<Boolean> refreshRefused(SessionRecord session) {
        SessionId id = session.id();
        return store.endUnlessRefreshed(id, Reason.REFRESH_REFUSED, Actor.PROVIDER, session.tokensRev())
                .call(ended -> ended.livesOn() ? Uni.createFrom().voidItem() : markTokens(session))
                .chain(ended -> finish(id, ended, Reason.REFRESH_REFUSED, Actor.PROVIDER)
                        .replaceWith(!ended.livesOn()));
    }

    /**
     * Bearer tokens of that session end with it (S5): all that its provider session issued up to its last one. Not later
     * ones: the provider may know the user still, and sign them in again with the same provider session at once. A token
     * that does not say when it was issued is asked about at the provider, which knows.
     */
    private Uni<Void> markTokens(SessionRecord session) {
        Optional<Instant> issuedAt = Claims.of(session.tokens().access()).instant("iat");
        Optional<String> providerSession = session.identity().providerSessionHash();
        return issuedAt.isEmpty() || providerSession.isEmpty()
                ? Uni.createFrom().voidItem()
                : index.markEndedUntil(providerSession.get(), issuedAt.get());
    }

    /** The refresh token is kept until the provider has confirmed, so a second try can succeed where the first did not. */
    private Uni<SignOffOutcome> endAtProvider(SessionId id, EndResult ended, long deadline) {
        if (ended.refreshToken().isEmpty()) {
            return Uni.createFrom()
                    .item(
                            ended.outcome() == Outcome.ENDED
                                    ? SignOffOutcome.PROVIDER_MAY_REMEMBER
                                    : SignOffOutcome.SIGNED_OFF);
        }
        Uni<SignOffOutcome> told = providerSessions
                .end(ended.provider(), ended.refreshToken())
                .chain(confirmed -> confirmed
                        ? store.providerEnded(id).replaceWith(SignOffOutcome.SIGNED_OFF)
                        : Uni.createFrom().item(SignOffOutcome.PROVIDER_MAY_REMEMBER));
        return CurrentContext.await(told.subscribe().asCompletionStage())
                .ifNoItem()
                .after(Duration.ofMillis(Math.max(1, (deadline - System.nanoTime()) / 1_000_000)))
                .recoverWithItem(SignOffOutcome.PROVIDER_MAY_REMEMBER);
    }

    /**
     * Tabs that signed in at once have a session each; they end with the provider session that they share. First the
     * mark: a sign-in under way that is not in the index yet looks for it ({@code SessionStarter}). They need no
     * announcement of their own: ours names the provider session.
     */
    private Uni<List<SessionId>> markAndEndSiblings(SessionId id, EndResult ended, Actor actor) {
        if (ended.providerSessionHash().isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        String providerSession = ended.providerSessionHash().get();
        return index.markEnded(providerSession)
                .chain(() -> index.ofProviderSession(providerSession))
                .call(sessions -> endAll(
                        sessions.stream().filter(session -> !session.equals(id)).toList(), actor));
    }

    /** Only now that they are forgotten everywhere: who finds none in the index has nothing to wait for. */
    private Uni<Void> leaveIndexes(SessionId id, EndResult ended, List<SessionId> sessions) {
        Set<SessionId> all = new LinkedHashSet<>(sessions);
        all.add(id);
        Uni<Void> ofProviderSession =
                left(ended.providerSessionHash().map(providerSession -> index.remove(providerSession, all)));
        return Uni.join()
                .all(ofProviderSession, leaveUser(ended, all))
                .andFailFast()
                .replaceWithVoid();
    }

    private Uni<Void> leaveUser(EndResult ended, Collection<SessionId> sessions) {
        return left(ended.user().map(user -> index.removeOfUser(user, sessions)));
    }

    /** A failure is no harm: a session leaves its indexes by itself at its absolute end. */
    private static Uni<Void> left(Optional<Uni<Void>> index) {
        return index.map(removal -> removal.onFailure().recoverWithNull())
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> endAll(List<SessionId> sessions, Actor actor) {
        return Concurrently.of(sessions, session -> store.end(session, Reason.SIGNED_OFF, actor)
                        .invoke(ended -> note(session, ended, Reason.SIGNED_OFF, actor)))
                .replaceWithVoid();
    }

    /** Ends a session here and in every cache; nothing at the provider. Done when no instance accepts it any more. */
    Uni<EndResult> end(SessionId id, Reason reason, Actor actor) {
        return store.end(id, reason, actor).call(ended -> finish(id, ended, reason, actor));
    }

    private Uni<Void> finish(SessionId id, EndResult ended, Reason reason, Actor actor) {
        return ended.livesOn()
                ? Uni.createFrom().voidItem()
                : invalidate(id, ended, reason, actor).chain(() -> leaveUser(ended, List.of(id)));
    }

    private Uni<FleetReply> invalidate(SessionId id, EndResult ended, Reason reason, Actor actor) {
        note(id, ended, reason, actor);
        vertx.setTimer(SECOND_LOOK.toMillis(), timer -> lookAgain(id));
        return everywhere.invalidate(id, ended, reason, actor);
    }

    private void note(SessionId id, EndResult ended, Reason reason, Actor actor) {
        if (ended.outcome() == Outcome.ENDED) {
            audit.ended(id, ended.provider(), reason, actor);
        }
    }

    /** Takes away what a guest's write in flight has put back. */
    private void lookAgain(SessionId id) {
        store.peek(id).subscribe().with(nothing -> {}, failure -> LOG.debugf("No second look at %s", id));
    }
}

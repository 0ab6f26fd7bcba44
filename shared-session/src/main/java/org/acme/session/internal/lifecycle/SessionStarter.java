package org.acme.session.internal.lifecycle;

import io.quarkus.oidc.AuthorizationCodeTokens;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.ClientNetwork;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.oidc.SignInState;
import org.acme.session.internal.oidc.SignedIn;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;

/** Begins the shared session of a user whom a provider has just signed in. */
@Singleton
class SessionStarter {

    /** Of the time in a token (RFC 7519, section 2: seconds, which providers write without a fraction) and in a state. */
    private static final Duration PRECISION = Duration.ofSeconds(1);

    private final SessionStore store;
    private final SessionIndex index;
    private final SignOff signOff;
    private final SessionLimit limit;
    private final Providers providers;
    private final RequestCookie cookie;
    private final ClientNetwork networks;
    private final Clock clock;
    private final SsoConfig config;
    private final SessionAudit audit;

    SessionStarter(
            SessionStore store,
            SessionIndex index,
            SignOff signOff,
            SessionLimit limit,
            Providers providers,
            RequestCookie cookie,
            ClientNetwork networks,
            Clock clock,
            SsoConfig config,
            SessionAudit audit) {
        this.store = store;
        this.index = index;
        this.signOff = signOff;
        this.limit = limit;
        this.providers = providers;
        this.cookie = cookie;
        this.networks = networks;
        this.clock = clock;
        this.config = config;
        this.audit = audit;
    }

    /** Writes a session under a new id, gives the browser its cookie, and ends the session it replaces. */
    Uni<Void> start(RoutingContext request, String provider, AuthorizationCodeTokens tokens) {
        return providers
                .signedIn(provider, tokens.getIdToken(), tokens.getAccessToken())
                .map(user -> user.orElseThrow(() ->
                        new AuthenticationFailedException("The tokens were issued to another client, or to nobody")))
                .invoke(user -> requireWhatWasAsked(request, user))
                .chain(user -> start(request, provider, tokens, user));
    }

    private void requireWhatWasAsked(RoutingContext request, SignedIn user) {
        boolean enough = SignInState.of(request)
                .flatMap(SignInState::asked)
                .map(wanted -> wanted.isMetBy(user.authenticatedAt(), user.acr(), clock.instant()))
                .orElse(true);
        if (!enough) {
            throw new WeakSignInException();
        }
    }

    private Uni<Void> start(RoutingContext request, String provider, AuthorizationCodeTokens tokens, SignedIn user) {
        Instant now = clock.instant();
        SessionRecord session = SessionRecord.begin(
                        SessionId.random(),
                        user.identity(),
                        now,
                        now.plus(config.session().absoluteTimeout()),
                        Optional.ofNullable(request.request().getHeader(HttpHeaders.USER_AGENT))
                                .orElse(""),
                        networks.of(request.request()),
                        new Tokens(
                                tokens.getAccessToken(),
                                now.plus(goodFor(tokens)),
                                Optional.ofNullable(tokens.getRefreshToken())))
                .authenticated(user.authenticatedAt(), user.acr());
        Optional<SessionId> old = cookie.read(request);
        Uni<Void> begun = index.add(session)
                .chain(() -> store.create(session))
                .chain(created ->
                        created ? unlessEndedMeanwhile(request, session, user) : failed("256 random bits came twice"))
                .chain(() -> old.map(signOff::replaced)
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .chain(() -> limit.keep(session))
                // Last of all: an answer that failed on the way carries no cookie (law 3).
                .invoke(() -> {
                    audit.signedIn(session);
                    cookie.set(request, session.id());
                });
        return CurrentContext.resume(begun);
    }

    /**
     * A sign-off that ended this provider session while its code was being exchanged may have looked for our session
     * before it was there. It left its mark before it looked, so one of the two sees the other.
     */
    private Uni<Void> unlessEndedMeanwhile(RoutingContext request, SessionRecord session, SignedIn user) {
        Identity who = session.identity();
        Instant begun = SignInState.of(request).map(SignInState::begun).orElse(Instant.EPOCH);
        return index.beginsAnew(who.providerSessionHash(), begun, user.issuedAt())
                .chain(counts -> counts
                        ? index.userEndedAt(who.issuer(), who.subject())
                                .map(at -> cameBetween(at, begun, user.issuedAt()))
                        : Uni.createFrom().item(Optional.of(endedMeanwhile())))
                .chain(refusal -> refusal.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : signOff.replaced(session.id())
                                .chain(() -> Uni.createFrom().failure(refusal.get())));
    }

    /** Why a sign-in does not count of somebody who was signed out as a whole at that time; empty when it does. */
    private static Optional<RuntimeException> cameBetween(
            Optional<Instant> signedOut, Instant begun, Instant issuedAt) {
        return signedOut
                .filter(at -> !issuedAt.isAfter(at))
                .map(at -> begun.plus(PRECISION).isAfter(at) ? new SignedOffJustNowException() : endedMeanwhile());
    }

    private static RuntimeException endedMeanwhile() {
        return new AuthenticationFailedException("A sign-off came between");
    }

    private static Uni<Void> failed(String why) {
        return Uni.createFrom().failure(new AuthenticationFailedException(why));
    }

    /** How long the access token counts unasked. Without a refresh token its provider is asked again now and then. */
    private Duration goodFor(AuthorizationCodeTokens tokens) {
        Duration askAgain = config.refresh().revalidateInterval();
        Long seconds = tokens.getAccessTokenExpiresIn();
        if (tokens.getRefreshToken() != null) {
            return Duration.ofSeconds(seconds == null ? 60 : seconds);
        }
        return seconds == null || askAgain.toSeconds() < seconds ? askAgain : Duration.ofSeconds(seconds);
    }
}

package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.config.SsoConfig;

/** Refreshes tokens at a session's provider, and checks that they are still the same user's. */
@Singleton
public class TokenRefresh {

    /** How long an access token counts that does not say so. */
    private static final Duration UNSAID = Duration.ofSeconds(60);

    private final Providers providers;
    private final Clock clock;
    private final SsoConfig config;

    TokenRefresh(Providers providers, Clock clock, SsoConfig config) {
        this.providers = providers;
        this.clock = clock;
        this.config = config;
    }

    /** What became of a refresh. */
    public sealed interface Result {}

    /**
     * New tokens.
     *
     * @param session as it was, with them and with what they say of the user now
     */
    public record Granted(SessionRecord session) implements Result {}

    /** {@code invalid_grant}: this refresh token will never work (RFC 6749, section 5.2). */
    public record Refused() implements Result {}

    /**
     * Another error of OAuth: not with these tokens. Asking again would change nothing; the person may get further.
     *
     * @param error its code, for the log
     */
    public record SignInAgain(String error) implements Result {}

    /** Anything else: nothing is known about the refresh token. */
    public record Unclear(String why) implements Result {}

    /**
     * Refreshes the tokens of a session. One without a refresh token has to be good at its provider still: the session goes
     * on with the access token that it has while the provider says whose that is. Asks the provider once; never fails.
     */
    public Uni<Result> refresh(SessionRecord session) {
        String provider = session.identity().provider();
        return providers
                .client(provider)
                .map(client -> session.tokens()
                        .refresh()
                        .map(token -> client.refresh(token).map(answer -> judge(session, provider, answer)))
                        .orElseGet(() -> stillGood(session, client)))
                // It was taken out of the settings: whoever comes signs in at another one.
                .orElseGet(() -> Uni.createFrom().item(new SignInAgain("no_such_provider")));
    }

    private Uni<Result> stillGood(SessionRecord session, ProviderClient client) {
        Identity before = session.identity();
        SsoConfig.Provider known = config.providers().get(before.provider());
        String access = session.tokens().access();
        return client.userInfo(access)
                .map(info -> info.filter(claims -> claims.word(known.subjectClaim())
                                .filter(before.subject()::equals)
                                .isPresent())
                        .<Result>map(same -> new Granted(session.refreshed(
                                new Tokens(
                                        access,
                                        clock.instant().plus(config.refresh().revalidateInterval()),
                                        Optional.empty()),
                                before.saying(
                                        SignedIn.name(known, same).orElse(before.name()),
                                        before.roles(),
                                        same.profile(before.profile())))))
                        .orElseGet(Refused::new))
                .onFailure()
                .recoverWithItem(failure -> new Unclear(failure.getClass().getSimpleName()));
    }

    private Result judge(SessionRecord session, String provider, TokenResponse answer) {
        if (answer instanceof TokenResponse.Accepted accepted) {
            return grant(session, provider, accepted);
        }
        if (answer instanceof TokenResponse.SignInAgain again) {
            return new SignInAgain(again.error());
        }
        return answer instanceof TokenResponse.CannotTell unclear ? new Unclear(unclear.why()) : new Refused();
    }

    private Result grant(SessionRecord session, String provider, TokenResponse.Accepted answer) {
        // The ID token of a refresh names the same issuer and subject (OIDC Core 1.0, section 12.2).
        Optional<Claims> id = answer.idToken().map(Claims::of);
        if (id.isPresent() && !isOf(session.identity(), id.get())) {
            return new Refused();
        }
        Tokens tokens = new Tokens(
                answer.access(),
                clock.instant().plus(answer.goodFor().orElse(UNSAID)),
                answer.refresh().or(session.tokens()::refresh));
        return new Granted(said(session, provider, tokens, id));
    }

    private static boolean isOf(Identity user, Claims id) {
        return id.text("sub").filter(user.subject()::equals).isPresent()
                && id.text("iss").filter(user.issuer()::equals).isPresent();
    }

    /** What is not said again stays as it was: the whole ID token, or one of its claims (section 12.2, too). */
    private SessionRecord said(SessionRecord session, String provider, Tokens tokens, Optional<Claims> id) {
        Identity before = session.identity();
        SessionRecord refreshed = session.refreshed(
                tokens,
                before.saying(
                        id.flatMap(Claims::personName).orElse(before.name()),
                        SignedIn.roles(config.providers().get(provider), tokens.access()),
                        id.map(claims -> claims.profile(before.profile())).orElse(before.profile())));
        return refreshed.authenticated(
                id.flatMap(claims -> claims.instant("auth_time")).or(session::authenticatedAt),
                id.flatMap(claims -> claims.text("acr")).or(session::acr));
    }
}

package org.acme.session.internal.oidc;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.TokenSeal.Place;
import org.acme.session.internal.config.SsoConfig;

/**
 * The {@code state} parameter of an authorization request (RFC 6749, section 4.1.1): a {@link SignInState}, sealed with
 * AES-256-GCM for one callback. It goes to the provider and comes back, so that neither a cookie nor Redis has to keep it.
 * Anybody may have one sealed, as often as they like, so its key is not that of tokens, but derived from it.
 */
@Singleton
class StateSeal {

    /** Ours has about 700 characters; whatever is longer than that by far is not looked at. */
    private static final int LONGEST = 4096;

    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(30);

    private final TokenSeal seal;
    private final UnaryOperator<String> callbackOf;
    private final Clock clock;
    private final Duration timeout;

    @Inject
    StateSeal(TokenSeal seal, SignInPaths paths, Clock clock, SsoConfig config) {
        this(seal, paths::callback, clock, config.signIn().timeout());
    }

    /**
     * @param seal of tokens, which the key is derived from
     * @param callbackOf the callback's path, by the provider's name
     */
    StateSeal(TokenSeal seal, UnaryOperator<String> callbackOf, Clock clock, Duration timeout) {
        this.seal = seal.forPurpose("state parameter");
        this.callbackOf = callbackOf;
        this.clock = clock;
        this.timeout = timeout;
    }

    String seal(String provider, SignInState state) {
        return seal.seal(state.json(), placeOf(provider));
    }

    /**
     * What we sealed for that provider's callback of this service.
     *
     * @param state as it came; null counts as nothing
     * @return empty for what we did not seal; what is not {@link #isInTime} still says which link its browser wanted
     */
    Optional<SignInState> open(String provider, String state) {
        if (state == null || state.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(SignInState.read(seal.open(state, placeOf(provider))));
        } catch (DamagedRecordException foreign) {
            return Optional.empty();
        }
    }

    /** Whether a sign-in can be ended still: its cookies are gone after that time. Never one that begins in the future. */
    boolean isInTime(SignInState state) {
        Duration age = Duration.between(state.begun(), clock.instant());
        return age.compareTo(timeout) <= 0 && age.compareTo(CLOCKS_DIFFER.negated()) >= 0;
    }

    private Place placeOf(String provider) {
        return new Place(callbackOf.apply(provider), "state", "1");
    }
}

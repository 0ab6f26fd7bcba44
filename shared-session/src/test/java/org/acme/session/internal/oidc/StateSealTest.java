package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.TokenSeal.Place;
import org.acme.session.internal.config.TestConfig;
import org.acme.session.internal.http.StepUpRequirement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateSealTest {

    private static final String PROVIDER = "keycloak";

    private static final Instant BEGUN = Instant.parse("2026-11-29T00:00:00Z");

    private static final TokenSeal TOKENS = TokenSeal.of(List.of("test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY="));

    private static StateSeal seal(String service) {
        return seal(service, Duration.ZERO);
    }

    private static StateSeal seal(String service, Duration later) {
        return new StateSeal(
                TOKENS,
                provider -> "/" + service + "/auth/" + provider + "/callback",
                Clock.fixed(BEGUN.plus(later), ZoneOffset.UTC),
                TestConfig.with().signIn().timeout());
    }

    private static SignInState begun(Optional<StepUpRequirement> asked) {
        return new SignInState("id", "hash", BEGUN, "uuid|a.b.c.d.e", "/users/profile?q={a}|b", asked, false);
    }

    @Test
    @DisplayName("I1: what was sealed opens, with all that was asked of the sign-in")
    void whatWasSealedOpens() {
        StepUpRequirement wanted = StepUpRequirement.of(Map.of("max_age", "300", "acr_values", "gold platinum"));
        for (Optional<StepUpRequirement> asked : List.of(Optional.<StepUpRequirement>empty(), Optional.of(wanted))) {
            SignInState state = begun(asked);
            assertEquals(
                    Optional.of(state),
                    seal("users").open(PROVIDER, seal("users").seal(PROVIDER, state)));
        }
        assertEquals("uuid", begun(Optional.empty()).codeFlowState());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 25, 45, 59})
    @DisplayName("I13 F23: a sign-in may take 25 minutes at the provider, and 59")
    void inTime(int minutes) {
        String state = seal("users").seal(PROVIDER, begun(Optional.empty()));
        StateSeal later = seal("users", Duration.ofMinutes(minutes));
        assertTrue(later.isInTime(later.open(PROVIDER, state).orElseThrow()));
    }

    @Test
    @DisplayName(
            "I3: after an hour it is over, as its cookies are; and what a fast clock began in the future has not begun")
    void tooLate() {
        String state = seal("users").seal(PROVIDER, begun(Optional.empty()));
        for (int minutes : new int[] {61, -2}) {
            StateSeal then = seal("users", Duration.ofMinutes(minutes));
            assertFalse(then.isInTime(then.open(PROVIDER, state).orElseThrow()));
        }
    }

    @Test
    @DisplayName("I1 I7: a state is good at one callback, of one provider and one service")
    void atOneCallback() {
        String state = seal("users").seal(PROVIDER, begun(Optional.empty()));
        assertEquals(Optional.empty(), seal("users").open("other", state));
        assertEquals(Optional.empty(), seal("projects").open(PROVIDER, state));
    }

    @Test
    @DisplayName("I1: states have a key of their own, so what strangers have sealed does not use up the key of tokens")
    void itsOwnKey() {
        Place place = new Place("/users/auth/" + PROVIDER + "/callback", "state", "1");
        SignInState state = begun(Optional.empty());
        String sealed = seal("users").seal(PROVIDER, state);
        assertThrows(DamagedRecordException.class, () -> TOKENS.open(sealed, place));
        assertEquals(Optional.empty(), seal("users").open(PROVIDER, TOKENS.seal(state.json(), place)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "test", "test.", "test.AAAA", "no-such-key.AAAA", "test.%%%", "q|w"})
    @DisplayName("I3: anything else is no state of ours")
    void anythingElse(String state) {
        assertEquals(Optional.empty(), seal("users").open(PROVIDER, state));
        assertEquals(Optional.empty(), seal("users").open(PROVIDER, null));
        assertEquals(Optional.empty(), seal("users").open(PROVIDER, "test." + "A".repeat(1_000_000)));
    }
}

package org.acme.session.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.acme.session.SignOffOutcome;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.lifecycle.SignOffResult;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignOffReceiptTest {

    private static final TokenSeal SEAL = TokenSeal.of(List.of("a:YSBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyBmb3IgdXM="));
    private static final Instant NOW = Instant.ofEpochMilli(1_767_225_600_000L);

    private static SignOffReceipt at(Instant now) {
        return new SignOffReceipt(SEAL, Clock.fixed(now, ZoneOffset.UTC), true);
    }

    private static SignOffResult result(int instances, int confirmed) {
        return new SignOffResult(SignOffOutcome.SIGNED_OFF, instances, confirmed, Duration.ofMillis(34));
    }

    private static String said(int instances, int confirmed) {
        return at(NOW).text(at(NOW).of(result(instances, confirmed)).orElseThrow())
                .orElseThrow();
    }

    @Test
    void saysWhoConfirmedAndHowLongItTook() {
        assertEquals(
                "All 4 instances that may have cached your session confirmed that they have forgotten it. It took 34 ms.",
                said(4, 4));
        assertEquals(
                "3 of 4 instances that may have cached your session confirmed that they have forgotten it, and the leases of"
                        + " the others have run out. It took 34 ms.",
                said(4, 3));
        assertEquals(
                "The only instance that may have cached your session has forgotten it. It took 34 ms.", said(1, 1));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "4 4 34 1767225600000",
                "a.",
                "a.AAAA",
                "b.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "<b>"
            })
    @DisplayName("L11: the page says nothing that its address was made to say")
    void forged(String receipt) {
        assertEquals(Optional.empty(), at(NOW).text(receipt));
    }

    @Test
    @DisplayName("what was sealed for something else, or altered, is no receipt")
    void altered() {
        String good = at(NOW).of(result(4, 4)).orElseThrow();
        String altered = good.substring(0, good.length() - 6) + (good.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA");
        String elsewhere =
                SEAL.seal("4 4 34 " + NOW.toEpochMilli(), new TokenSeal.Place("auth/signed-off", "receipt", "1"));

        assertEquals(Optional.empty(), at(NOW).text(altered));
        assertEquals(Optional.empty(), at(NOW).text(elsewhere));
        assertEquals(Optional.empty(), at(NOW).text(good + "x".repeat(200)));
    }

    @Test
    @DisplayName("an address that is opened again later says nothing any more")
    void old() {
        String receipt = at(NOW).of(result(4, 4)).orElseThrow();

        assertTrue(at(NOW.plusSeconds(59)).text(receipt).isPresent());
        assertEquals(Optional.empty(), at(NOW.plusSeconds(61)).text(receipt));
    }

    @Test
    void nothingIsToldUnlessWanted() {
        SignOffReceipt silent = new SignOffReceipt(SEAL, Clock.fixed(NOW, ZoneOffset.UTC), false);

        assertEquals(Optional.empty(), silent.of(result(4, 4)));
        assertEquals(Optional.empty(), silent.text(at(NOW).of(result(4, 4)).orElseThrow()));
        assertEquals(Optional.empty(), at(NOW).of(result(0, 0)));
    }
}

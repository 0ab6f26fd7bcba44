package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.lifecycle.ScriptedProvider.Behaviour;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider can say instead of new tokens, and what becomes of the session. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
@TestProfile(Refreshes.Impatient.class)
class FailedRefreshTest extends Refreshes {

    static Stream<Named<Behaviour>> faults() {
        return Stream.of(
                answers("500", 500, "{\"error\":\"server_error\"}"),
                answers("503 with a page", 503, "<html>busy</html>"),
                answers("429", 429, "{}"),
                answers("invalid_grant, but not with 400", 500, "{\"error\":\"invalid_grant\"}"),
                answers("400 without an error", 400, "{}"),
                answers("400 with a page", 400, "<html>bad</html>"),
                answers("429 with an error of OAuth", 429, "{\"error\":\"slow_down\"}"),
                answers("400, but it is the provider's trouble", 400, "{\"error\":\"temporarily_unavailable\"}"),
                answers("200 with garbage", 200, "}{"),
                answers("200 with a list", 200, "[]"),
                answers("200 with nothing in it", 200, "{}"),
                answers("200 without a body", 200, ""),
                answers("200 with numbers for tokens", 200, "{\"access_token\":1,\"expires_in\":\"x\"}"),
                Named.of("a closed connection", (exchange, token) -> exchange.close()));
    }

    private static Named<Behaviour> answers(String name, int status, String body) {
        return Named.of(name, (exchange, token) -> ScriptedProvider.send(exchange, status, body));
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("R3: whatever else than invalid_grant the provider says, the session goes on while its token lives")
    void faultsEndNothing(Behaviour fault) {
        SessionRecord session = session(SOON);
        provider.behaves(fault);
        assertEquals(session.tokens(), refreshed(session).orElseThrow().tokens());
        waitForTheEndOfTheRefresh(session);
        assertUntouched(session);
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("R3: and when it has expired: 503 until the provider is well again, and nobody is signed out")
    void faultsAreOutages(Behaviour fault) {
        SessionRecord session = session(GONE_BY);
        provider.behaves(fault);
        assertThrows(SessionUnavailableException.class, () -> refreshed(session));
        assertUntouched(session);

        provider.behaves(ScriptedProvider::grant);
        assertEquals("new-access", refreshed(session).orElseThrow().tokens().access());
    }

    static Stream<String> errorsForThePerson() {
        return Stream.of(
                "400 interaction_required",
                "400 login_required",
                "400 consent_required",
                "400 account_selection_required",
                "400 unauthorized_client",
                "401 unauthorized_client",
                "401 invalid_client",
                "400 invalid_request",
                "400 invalid_scope",
                "400 unsupported_grant_type",
                "403 access_denied",
                "400 something_nobody_heard_of",
                "200 bad_refresh_token");
    }

    @ParameterizedTest
    @MethodSource("errorsForThePerson")
    @DisplayName("F7 R5: any other error of OAuth: the session goes on while its access token lives")
    void whileTheTokenLives(String answer) {
        SessionRecord session = session(SOON);
        provider.behaves(says(answer));
        for (int i = 0; i < 3; i++) {
            assertEquals(session.tokens(), refreshed(session).orElseThrow().tokens());
            waitForTheEndOfTheRefresh(session);
        }
        assertUntouched(session);
        assertEquals(1, provider.used().size(), "the provider is not asked for each request");
    }

    @ParameterizedTest
    @MethodSource("errorsForThePerson")
    @DisplayName("F7 R5: and when it has expired, its user has to sign in again; nothing has ended by then")
    void afterThatThePersonSignsIn(String answer) {
        SessionRecord session = session(GONE_BY);
        provider.behaves(says(answer));
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), refreshed(session));
        }
        assertUntouched(session);
        assertEquals(1, provider.used().size(), "the provider is not asked for each request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 invalid_grant", "401 invalid_grant", "403 invalid_grant", "400 INVALID_GRANT"})
    @DisplayName("F6 R5: invalid_grant ends the session, with whichever 4xx status")
    void invalidGrantIsInvalidGrant(String answer) {
        SessionRecord session = session(GONE_BY);
        provider.behaves(says(answer));
        assertEquals(Optional.empty(), refreshed(session));
        assertEquals("refresh-refused", redis.text("HGET", Keys.record(session.id()), "endReason"));
    }

    private static Behaviour says(String answer) {
        String[] statusAndError = answer.split(" ");
        return (exchange, token) -> ScriptedProvider.send(
                exchange, Integer.parseInt(statusAndError[0]), "{\"error\":\"" + statusAndError[1] + "\"}");
    }

    @Test
    @DisplayName("L2 O4: a request that gets no tokens is no activity; one that gets them is")
    void anOutageIsNoActivity() {
        SessionRecord session = session(GONE_BY);
        redis.send("PEXPIRE", Keys.express(session.id()), "600000");
        provider.behaves((exchange, token) -> ScriptedProvider.send(exchange, 503, ""));
        assertThrows(SessionUnavailableException.class, () -> await(resolver.find(session.id())));
        assertTrue(redis.number("PTTL", Keys.express(session.id())) <= 600_000, "it idles out as if nobody had come");

        provider.behaves(ScriptedProvider::grant);
        assertEquals("alice", await(resolver.find(session.id())).getPrincipal().getName());
        assertTrue(redis.number("PTTL", Keys.express(session.id())) > 1_000_000, "its user has been here");
    }

    @Test
    @DisplayName("S5 R3: after invalid_grant the session's bearer tokens are refused; tokens of a new sign-in are not")
    void bearerTokensEndWithTheSession() {
        Instant issued = Instant.ofEpochSecond(clock.instant().getEpochSecond() - 300);
        SessionRecord session =
                session(GONE_BY, ScriptedProvider.unsigned(new JsonObject().put("iat", issued.getEpochSecond())));
        String providerSession = session.identity().providerSessionHash().orElseThrow();
        provider.behaves((exchange, token) -> ScriptedProvider.refuse(exchange));
        assertEquals(false, await(index.hasEndedSince(Optional.of(providerSession), issued)));

        assertEquals(Optional.empty(), refreshed(session));
        assertEquals(true, await(index.hasEndedSince(Optional.of(providerSession), issued)));
        assertEquals(
                false,
                await(index.hasEndedSince(Optional.of(providerSession), issued.plusSeconds(1))),
                "the provider may sign the user in again, silently, with the same session of its own");

        // The mark of a sign-off says more, and stays.
        await(index.markEnded(providerSession));
        await(index.markEndedUntil(providerSession, issued));
        assertEquals(true, await(index.hasEndedSince(Optional.of(providerSession), Instant.now())));
    }
}

package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionRecordTest {

    private static final TokenSeal SEAL = TokenSeal.of(List.of("k:" + "A".repeat(43)));
    private static final SessionId ID = SessionId.random();
    private static final Instant NOW = Instant.ofEpochMilli(1_767_225_600_123L);
    private static final Instant UNTIL = NOW.plusSeconds(8 * 3600);
    private static final Identity ALICE = new Identity(
            "keycloak",
            "https://provider.test/realms/sso",
            "248289761001",
            Optional.of("the-sid"),
            "alice",
            Set.of("user", "admin"),
            Map.of("email", "alice@example.org", "given_name", "Älice \"A\""));
    private static final Tokens TOKENS = new Tokens("the-access", NOW.plusSeconds(60), Optional.of("the-refresh"));
    private static final SessionRecord SESSION = SessionRecord.begin(ID, ALICE, NOW, UNTIL, "Firefox", TOKENS);
    private static final String EXPRESS = ExpressRecord.write(ALICE, UNTIL, true);

    @Test
    void whatWasWrittenIsRead() {
        assertEquals(SESSION, read(EXPRESS, SESSION.write(SEAL)));
    }

    @Test
    void aSessionWithoutProviderSessionRefreshTokenAndDeviceIsOneToo() {
        Identity plain = new Identity("p", "i", "s", Optional.empty(), "", Set.of(), Map.of());
        SessionRecord session = SessionRecord.begin(ID, plain, NOW, UNTIL, "", new Tokens("a", NOW, Optional.empty()));
        Map<String, String> fields = session.write(SEAL);
        assertFalse(fields.containsKey(SessionRecord.SID));
        assertFalse(fields.containsKey(SessionRecord.REFRESH));
        assertEquals(session, read(ExpressRecord.write(plain, UNTIL, false), fields));
        fields.remove(SessionRecord.DEVICE);
        assertEquals(session, read(ExpressRecord.write(plain, UNTIL, false), fields));
    }

    @Test
    @DisplayName("L9: fields that this version does not know are no reason to refuse a record")
    void unknownFieldsAreLeftAlone() {
        Map<String, String> fields = SESSION.write(SEAL);
        fields.put("loa", "2");
        fields.put("attr:projects-service", "{\"cart\":\"1\"}");
        assertEquals(SESSION, read(EXPRESS, fields));
    }

    @Test
    @DisplayName("L9: unknown fields in Express' key, and its own rewriting of it, change nothing")
    void expressMayRewriteItsKey() {
        var vector = Vectors.file("express-json");
        String ours = vector.path("ours").textValue();
        assertEquals(ours, ExpressRecord.write(ALICE, Instant.ofEpochMilli(1_767_254_400_000L), true));
        String rewritten = vector.path("rewritten").textValue();
        assertTrue(rewritten.contains("cart"));
        assertEquals(SESSION, read(rewritten, SESSION.write(SEAL)));
        assertFalse(vector.path("setsCookieOnRead").booleanValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "1.1", "01"})
    @DisplayName("L9: a record of another major version is refused, not guessed at")
    void anotherVersionIsRefused(String version) {
        Map<String, String> fields = SESSION.write(SEAL);
        fields.put(SessionRecord.VERSION, version);
        assertDamaged(EXPRESS, fields, "version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v",
                "provider",
                "issuer",
                "subject",
                "name",
                "roles",
                "profile",
                "created",
                "until",
                "access",
                "accessExpires",
                "tokensRev"
            })
    @DisplayName("a missing field is damage, named by the field")
    void missingFieldsAreDamage(String field) {
        Map<String, String> fields = SESSION.write(SEAL);
        fields.remove(field);
        assertDamaged(EXPRESS, fields, field.equals("v") ? "version" : field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles|CANARY",
                "roles|''",
                "roles|null",
                "roles|[null]",
                "roles|[\"CANARY\"",
                "roles|{\"CANARY\":1}",
                "roles|\"CANARY\"",
                "roles|[[\"CANARY\"]]",
                "profile|CANARY",
                "profile|null",
                "profile|[\"CANARY\"]",
                "profile|{\"email\":null}",
                "profile|{\"email\":{\"CANARY\":1}}",
                "created|CANARY",
                "created|1.5",
                "created|99999999999999999999",
                "until|CANARY",
                "until|''",
                "accessExpires|CANARY",
                "accessExpires|0x10",
                "tokensRev|CANARY",
                "access|CANARY",
                "access|k.CANARY",
                "refresh|CANARY",
                "refresh|''",
            })
    @DisplayName("L11: an unreadable field is damage, named by the field and without its content")
    void unreadableFieldsAreDamage(String field, String content) {
        Map<String, String> fields = SESSION.write(SEAL);
        fields.put(field, content);
        assertDamaged(EXPRESS, fields, field);
    }

    @Test
    @DisplayName("L10: the tokens of one session are worthless in another")
    void tokensStayInTheirSession() {
        SessionId other = SessionId.random();
        assertThrows(DamagedRecordException.class, () -> SessionRecord.read(other, EXPRESS, SESSION.write(SEAL), SEAL));
        Map<String, String> swapped = SESSION.write(SEAL);
        swapped.put(SessionRecord.ACCESS, swapped.get(SessionRecord.REFRESH));
        assertDamaged(EXPRESS, swapped, "access");
    }

    @Test
    @DisplayName("I9: both keys must name the same issuer and the same subject")
    void bothKeysNameTheSameUser() {
        for (String other : List.of(
                EXPRESS.replace("248289761001", "another"),
                EXPRESS.replace("https://provider.test", "https://evil.test"))) {
            assertDamaged(other, SESSION.write(SEAL), "different users");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "CANARY",
                "null",
                "[]",
                "\"CANARY\"",
                "{}",
                "{\"cookie\":{}}",
                "{\"cookie\":{},\"passport\":{}}",
                "{\"cookie\":{},\"passport\":{\"user\":null}}",
                "{\"cookie\":{},\"passport\":{\"user\":\"CANARY\"}}",
                "{\"cookie\":{},\"passport\":{\"user\":{\"issuer\":\"CANARY\"}}}",
                "{\"cookie\":{},\"passport\":{\"user\":{\"subject\":\"CANARY\"}}}",
                "{\"cookie\":{},\"passport\":{\"user\":{\"issuer\":1,\"subject\":2}}}",
                "{\"cookie\":{},\"passport\":{\"user\":{\"issuer\":\"CANARY"
            })
    @DisplayName("L11: what Express' key says must name a user; its content is not repeated")
    void expressKeysWithoutUserAreDamage(String json) {
        assertDamaged(json, SESSION.write(SEAL), "");
    }

    @Test
    @DisplayName("deeply nested JSON of a guest is damage, not an error")
    void deeplyNestedJsonIsDamage() {
        assertDamaged("[".repeat(100_000), SESSION.write(SEAL), "");
    }

    @Test
    @DisplayName(
            "R4 L14: a refresh writes tokens and what they say, and nothing else; without a new refresh token the old one stays")
    void aRefreshWritesWhatItSays() {
        Map<String, String> fields = SESSION.refreshed(new Tokens("new", NOW, Optional.empty()), ALICE)
                .writeRefreshed(SEAL);
        assertEquals(Set.of("access", "accessExpires", "name", "roles", "profile"), fields.keySet());
        Map<String, String> all = new HashMap<>(SESSION.write(SEAL));
        all.putAll(fields);
        SessionRecord refreshed = read(EXPRESS, all);
        assertEquals("new", refreshed.tokens().access());
        assertEquals(Optional.of("the-refresh"), refreshed.tokens().refresh());
        assertEquals(ALICE, refreshed.identity());
    }

    @Test
    @DisplayName("F4: a sign-in time that nobody said is unknown, and written as that")
    void unknownSignInTimes() {
        assertEquals(Optional.empty(), read(EXPRESS, SESSION.write(SEAL)).authenticatedAt());
        assertFalse(SESSION.write(SEAL).containsKey("authenticated"));
        SessionRecord known = SESSION.authenticated(Optional.of(NOW), Optional.of("gold"));
        assertEquals(known, read(EXPRESS, known.write(SEAL)));
    }

    @Test
    void aLongUserAgentIsCut() {
        String device = SessionRecord.begin(ID, ALICE, NOW, UNTIL, "x".repeat(5000), TOKENS)
                .device();
        assertEquals("x".repeat(200), device);
    }

    @Test
    @DisplayName("L11: printed, a session tells neither id nor tokens")
    void printsNothingSecret() {
        String printed = SESSION + " " + TOKENS + " " + Optional.of(SESSION) + " " + List.of(TOKENS);
        for (String secret : List.of(ID.value(), "the-access", "the-refresh", "the-sid")) {
            assertFalse(printed.contains(secret), printed);
        }
    }

    @Test
    @DisplayName("L10: no token and no id stands in the record in the clear")
    void tokensAreSealed() {
        String fields = SESSION.write(SEAL).toString() + EXPRESS;
        for (String secret : List.of(ID.value(), "the-access", "the-refresh")) {
            assertFalse(fields.contains(secret));
        }
    }

    private static SessionRecord read(String express, Map<String, String> fields) {
        return SessionRecord.read(ID, express, fields, SEAL);
    }

    private static void assertDamaged(String express, Map<String, String> fields, String why) {
        String message = assertThrows(DamagedRecordException.class, () -> read(express, fields))
                .getMessage();
        assertTrue(message.contains(why), message);
        assertFalse(message.contains("CANARY"), message);
    }
}

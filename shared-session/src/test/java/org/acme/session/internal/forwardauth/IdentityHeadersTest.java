package org.acme.session.internal.forwardauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.acme.session.SignedInUser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdentityHeadersTest {

    @Test
    @DisplayName("F14 E9 of the roles, those that are asked for; no character ends a header or forges the next")
    void onlyWhatIsAskedFor() {
        IdentityHeaders told = IdentityHeaders.of(
                user("Zoë\r\nSso-Roles: admin", Set.of("user", "a,b", "x y", "secret")),
                List.of("user", "a,b", "boss"));
        assertEquals("a%2Cb,user", told.values().get("Sso-Roles"));
        assertEquals("Zo%C3%AB%0D%0ASso-Roles%3A%20admin", told.values().get("Sso-Name"));
        assertEquals(
                "",
                IdentityHeaders.of(user("x", Set.of("user")), List.of())
                        .values()
                        .get("Sso-Roles"));
    }

    @Test
    @DisplayName("F14 a name of 4,000 letters is shortened, between characters, and fits whatever they are")
    void longNames() {
        for (String letter : List.of("n", "ö", "語", "🙂")) {
            IdentityHeaders told = IdentityHeaders.of(user(letter.repeat(4_000), Set.of()), List.of("user"));
            assertTrue(told.fit(), letter);
            assertEquals(
                    letter.repeat(IdentityHeaders.LONGEST_NAME - 1) + "…",
                    URLDecoder.decode(told.values().get("Sso-Name"), StandardCharsets.UTF_8));
        }
        String justSo = "🙂".repeat(IdentityHeaders.LONGEST_NAME);
        assertEquals(
                justSo,
                URLDecoder.decode(
                        IdentityHeaders.of(user(justSo, Set.of()), List.of())
                                .values()
                                .get("Sso-Name"),
                        StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("F14 a thousand roles fit unless all of them are asked for")
    void manyRoles() {
        Set<String> roles = IntStream.range(0, 1_000)
                .mapToObj(i -> "role-with-a-name-of-forty-one-letters-" + i)
                .collect(Collectors.toSet());
        assertTrue(IdentityHeaders.of(user("x", roles), List.of("user")).fit());
        assertFalse(IdentityHeaders.of(user("x", roles), roles).fit());
    }

    private static SignedInUser user(String name, Set<String> roles) {
        return new SignedInUser("keycloak", "https://provider.test/realms/x", "subject", name, roles, Map.of());
    }
}

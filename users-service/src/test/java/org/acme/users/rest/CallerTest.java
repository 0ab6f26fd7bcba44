package org.acme.users.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.acme.session.CurrentSession;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

class CallerTest {

    @Test
    void aBearerTokenNamesItsUserByIssuerAndSubject() {
        Principal token = token(Map.of(
                "iss", "https://idp.example", "sub", "42", "name", "Alice Adams", "preferred_username", "alice"));
        assertEquals(
                new Me("https://idp.example", "42", "Alice Adams", List.of("admin", "user")),
                caller(token).me());
    }

    @Test
    void aTokenWithoutANameIsCalledByItsPrincipal() {
        Principal token = token(Map.of("iss", "https://idp.example", "sub", "42", "preferred_username", "alice"));
        assertEquals("alice", caller(token).me().name());
    }

    @Test
    void whoIsKnownNeitherWayIsNobody() {
        assertThrows(IllegalStateException.class, () -> caller(new QuarkusPrincipal("x"))
                .me());
    }

    private static Caller caller(Principal principal) {
        SecurityIdentity identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(principal)
                .addRoles(Set.of("user", "admin"))
                .build();
        return new Caller(absent(), identity);
    }

    private static CurrentSession absent() {
        return (CurrentSession) Proxy.newProxyInstance(
                CurrentSession.class.getClassLoader(), new Class<?>[] {CurrentSession.class}, (proxy, method, args) -> {
                    assertEquals("isPresent", method.getName());
                    return false;
                });
    }

    private static JsonWebToken token(Map<String, String> claims) {
        return new JsonWebToken() {
            @Override
            public String getName() {
                return claims.get("preferred_username");
            }

            @Override
            public Set<String> getClaimNames() {
                return claims.keySet();
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> T getClaim(String name) {
                return (T) claims.get(name);
            }
        };
    }
}

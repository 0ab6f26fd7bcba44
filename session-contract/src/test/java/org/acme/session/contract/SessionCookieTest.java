package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCookieTest {

    @Test
    @DisplayName("C1: over https the name keeps other hosts out, and the cookie off plain http")
    void httpsMeansHostPrefixAndSecure() {
        SessionCookie cookie = cookie("https://sso.example.org", null);
        assertEquals("__Host-sso=s%3Ax.y; Path=/; HttpOnly; Secure; SameSite=Lax", cookie.set("s:x.y"));
        assertEquals("__Host-sso=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax", cookie.clear());
    }

    @Test
    @DisplayName("C1: on this machine it is a plain name without Secure")
    void plainHttpMeansPlainName() {
        SessionCookie cookie = cookie("http://localhost:8080", null);
        assertEquals("sso=s%3Ax.y; Path=/; HttpOnly; SameSite=Lax", cookie.set("s:x.y"));
        assertEquals("sso=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax", cookie.clear());
    }

    @Test
    @DisplayName("C1, C7: a deployment on sub-domains shares it, still over https only")
    void aDomainMeansSecurePrefix() {
        SessionCookie cookie = cookie("https://users.Example.org:8443", "Example.ORG");
        assertEquals(
                "__Secure-sso=s%3Ax.y; Domain=example.org; Path=/; HttpOnly; Secure; SameSite=Lax",
                cookie.set("s:x.y"));
        assertEquals(
                "__Secure-sso=; Max-Age=0; Domain=example.org; Path=/; HttpOnly; Secure; SameSite=Lax", cookie.clear());
        assertEquals(
                "__Secure-sso", cookie("https://example.org", "example.org").name());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, localhost",
        "https://sso.example.org, other.org",
        "https://sso.example.org, so.example.org",
        "https://sso.example.org, users.sso.example.org",
        "https://sso.example.org, .example.org",
        "https://sso.example.org, ''",
        "https://sso.example.org, 'example.org; Secure'",
        "https://evilexample.org, example.org"
    })
    @DisplayName("C1: a domain that cannot work refuses to start")
    void impossibleDomainsAreRefused(String baseUrl, String domain) {
        assertThrows(IllegalArgumentException.class, () -> cookie(baseUrl, domain));
    }

    @Test
    @DisplayName("C2: under 200 bytes, even when every character of the signature is percent-encoded")
    void isAlwaysSmall() {
        String worst = cookie("https://sso.example.org", "example.org")
                .set("s:" + SessionId.random().value() + "." + "+".repeat(43));
        assertTrue(worst.substring(0, worst.indexOf(';')).length() < 200, worst);
    }

    @Test
    @DisplayName(
            "C5 law 11: what a browser would send before our cookie is taken away, wherever below our path it was set")
    void otherCookiesOfTheName() {
        assertEquals(
                List.of(
                        "sso=; Max-Age=0; Path=/users; HttpOnly; SameSite=Lax",
                        "sso=; Max-Age=0; Path=/users/; HttpOnly; SameSite=Lax"),
                cookie("http://localhost:8080", null).clearOthers("localhost", "/users/"));
        assertEquals(List.of(), cookie("https://sso.example.org", null).clearOthers("sso.example.org", "/users/"));
        List<String> shared =
                cookie("https://users.sso.example.org", "example.org").clearOthers("users.sso.example.org", "/users/");
        assertEquals(11, shared.size(), "four domains, three paths, without ours");
        for (String place : List.of(
                "Path=/; ",
                "Domain=users.sso.example.org; Path=/; ",
                "Domain=sso.example.org; Path=/users; ",
                "Domain=example.org; Path=/users/; ")) {
            String other = "__Secure-sso=; Max-Age=0; " + place + "HttpOnly; Secure; SameSite=Lax";
            assertTrue(shared.contains(other), () -> other + " is not among " + shared);
        }
        assertFalse(shared.contains(
                cookie("https://users.sso.example.org", "example.org").clear()));
    }

    private static SessionCookie cookie(String baseUrl, String domain) {
        return SessionCookie.of(BaseUrl.parse(baseUrl), Optional.ofNullable(domain));
    }
}

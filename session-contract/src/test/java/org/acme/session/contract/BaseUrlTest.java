package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://sso.example.org, https://sso.example.org, sso.example.org",
        "https://sso.example.org/, https://sso.example.org, sso.example.org",
        "https://SSO.Example.ORG:443, https://sso.example.org, sso.example.org",
        "HTTPS://sso.example.org:8443, https://sso.example.org:8443, sso.example.org:8443",
        "https://sso.example.org:80, https://sso.example.org:80, sso.example.org:80",
        "' https://sso.example.org ', https://sso.example.org, sso.example.org",
        "https://[2001:db8::1]:8443, https://[2001:db8::1]:8443, [2001:db8::1]:8443"
    })
    @DisplayName("I7: an https base URL becomes the origin as browsers send it")
    void httpsBecomesAnOrigin(String text, String origin, String authority) {
        assertEquals(new BaseUrl(origin, true, authority), BaseUrl.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "http://localhost:8080",
                "http://127.0.0.1:8080",
                "http://[::1]:8080",
                "http://app.localhost:8080"
            })
    @DisplayName("C1: plain http is for this machine")
    void plainHttpOnThisMachine(String text) {
        assertEquals(new BaseUrl(text, false, text.substring("http://".length())), BaseUrl.parse(text));
    }

    @Test
    void theDefaultPortOfHttpIsLeftOut() {
        assertEquals("http://localhost", BaseUrl.parse("http://localhost:80").origin());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://sso.example.org",
                "http://10.0.0.1",
                "http://0.0.0.0:8080",
                "http://localhost.example.org",
                "http://127.0.0.1.example.org",
                "http://notlocalhost",
                "http://xlocalhost:8080",
                "http://[::2]"
            })
    @DisplayName("C1: plain http to anything else refuses to start")
    void plainHttpElsewhereIsRefused(String text) {
        assertRefused(text, "must be https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sso.example.org",
                "//sso.example.org",
                "ftp://sso.example.org",
                "localhost:8080",
                "javascript://x"
            })
    void anotherSchemeIsRefused(String text) {
        assertRefused(text, "must begin with https://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https:///",
                "https:sso.example.org",
                "https://user@sso.example.org",
                "https://user:pw@sso.example.org",
                "https://under_score.example"
            })
    void noHostOrAUserIsRefused(String text) {
        assertRefused(text, "must name a host, and no user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://sso.example.org:0", "https://sso.example.org:65536", "http://localhost:99999"})
    void aPortThatCannotBeIsRefused(String text) {
        assertRefused(text, "must have a port from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://sso.example.org/users",
                "https://sso.example.org//",
                "https://sso.example.org?x",
                "https://sso.example.org/?x=y",
                "https://sso.example.org#top",
                "https://sso.example.org/#"
            })
    void moreThanAnAddressIsRefused(String text) {
        assertRefused(text, "must have no path, query or fragment");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://sso example.org", "https://sso.example.org/%", "https://[::1", "https://", "\u0000"})
    void whatIsNoUrlIsRefused(String text) {
        assertRefused(text, "is no URL");
    }

    private static void assertRefused(String text, String why) {
        String message = assertThrows(IllegalArgumentException.class, () -> BaseUrl.parse(text))
                .getMessage();
        assertTrue(message.contains(why), message);
    }
}

package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.acme.session.contract.BaseUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriteGuardTest {

    private final WriteGuard guard = new WriteGuard(BaseUrl.parse("https://sso.example.org:8443"));

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE"})
    void readingIsFreeToAll(String method) {
        assertTrue(guard.allows(Asked.request(method, "/", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil")));
    }

    @Test
    @DisplayName("E4: a WebSocket is opened by this site's pages alone, though its handshake is a GET")
    void aWebSocketCountsAsAWrite() {
        for (String upgrade : List.of("websocket", "WebSocket")) {
            assertFalse(guard.allows(Asked.request("GET", "/", "Upgrade", upgrade)));
            assertFalse(guard.allows(Asked.request("GET", "/", "Upgrade", upgrade, "Origin", "https://evil.test")));
            assertFalse(guard.allows(Asked.request("GET", "/", "Upgrade", upgrade, "Sec-Fetch-Site", "cross-site")));
            assertTrue(guard.allows(
                    Asked.request("GET", "/", "Upgrade", upgrade, "Origin", "https://sso.example.org:8443")));
            assertTrue(guard.allows(Asked.request("GET", "/", "Upgrade", upgrade, "Sec-Fetch-Site", "same-origin")));
        }
    }

    @Test
    @DisplayName("E4: the same when the header comes twice: Vert.x opens the socket for any of them")
    void aSecondUpgradeHeaderCounts() {
        assertFalse(guard.allows(Asked.request("GET", "/", "Upgrade", "other", "Upgrade", "websocket")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "X-OTHER"})
    @DisplayName("E4: every other method with neither header is refused")
    void neitherHeaderIsRefused(String method) {
        assertFalse(guard.allows(Asked.request(method, "/")));
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, true",
        "same-site, false",
        "cross-site, false",
        "SAME-ORIGIN, false",
        "'same-origin, cross-site', false",
        "'', false"
    })
    @DisplayName("E4: Sec-Fetch-Site decides alone where it names a site")
    void fetchMetadataDecides(String site, boolean allowed) {
        assertEquals(allowed, guard.allows(Asked.request("POST", "/", "Sec-Fetch-Site", site)));
        assertEquals(
                allowed,
                guard.allows(
                        Asked.request("POST", "/", "Sec-Fetch-Site", site, "Origin", "https://sso.example.org:8443")));
    }

    @ParameterizedTest
    @CsvSource({
        "https://sso.example.org:8443, true",
        "https://sso.example.org, false",
        "http://sso.example.org:8443, false",
        "https://sso.example.org:8443/, false",
        "https://sso.example.org:8443.evil.test, false",
        "https://evil.test, false",
        "null, false",
        "'', false"
    })
    @DisplayName(
            "E4: where no site is named, Origin has to be the base URL; Pale Moon names none with any form (mybb#5382)")
    void originMustBeOurs(String origin, boolean allowed) {
        assertEquals(allowed, guard.allows(Asked.request("POST", "/", "Origin", origin)));
        assertEquals(allowed, guard.allows(Asked.request("POST", "/", "Sec-Fetch-Site", "none", "Origin", origin)));
        assertFalse(guard.allows(Asked.request("POST", "/", "Sec-Fetch-Site", "none")));
    }
}

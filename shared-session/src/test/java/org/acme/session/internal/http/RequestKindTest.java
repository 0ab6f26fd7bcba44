package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestKindTest {

    private static final String ABSENT = "-";

    @ParameterizedTest(name = "{0} {1}: mode {2}, dest {3}, X-Requested-With {4}, Accept {5} -> {6}")
    @CsvSource({
        // Fetch metadata decides where it is sent.
        "GET,  /notes,     navigate,    document, -,              text/html,        NAVIGATION",
        "HEAD, /notes,     navigate,    document, -,              -,                NAVIGATION",
        "GET,  /notes,     navigate,    document, XMLHttpRequest, application/json, NAVIGATION",
        "GET,  /notes,     navigate,    -,        -,              -,                NAVIGATION",
        "GET,  /notes,     navigate,    iframe,   -,              text/html,        SCRIPT",
        "GET,  /notes,     navigate,    frame,    -,              text/html,        SCRIPT",
        "GET,  /notes,     navigate,    embed,    -,              text/html,        SCRIPT",
        "GET,  /notes,     navigate,    object,   -,              text/html,        SCRIPT",
        "GET,  /notes,     cors,        empty,    -,              text/html,        SCRIPT",
        "GET,  /notes,     no-cors,     image,    -,              text/html,        SCRIPT",
        "GET,  /notes,     same-origin, empty,    -,              text/html,        SCRIPT",
        "GET,  /notes,     websocket,   -,        -,              text/html,        SCRIPT",
        "GET,  /notes,     '',          document, -,              text/html,        SCRIPT",
        // Then X-Requested-With.
        "GET,  /notes,     -,           -,        XMLHttpRequest, text/html,        SCRIPT",
        "GET,  /notes,     -,           -,        xmlhttprequest, text/html,        SCRIPT",
        "GET,  /notes,     -,           -,        com.app,        text/html,        NAVIGATION",
        "GET,  /notes,     -,           document, -,              -,                SCRIPT",
        // Then Accept.
        "GET,  /notes,     -,           -,        -,              text/html,        NAVIGATION",
        "GET,  /notes,     -,           -,        -,              'application/xhtml+xml,text/html;q=0.9,*/*;q=0.8', NAVIGATION",
        "GET,  /notes,     -,           -,        -,              */*,              SCRIPT",
        "GET,  /notes,     -,           -,        -,              application/json, SCRIPT",
        "GET,  /notes,     -,           -,        -,              -,                SCRIPT",
        // What carries something cannot be sent away and come back.
        "POST, /notes,     navigate,    document, -,              text/html,        FORM",
        "PUT,  /notes,     -,           -,        -,              text/html,        FORM",
        "POST, /notes,     cors,        empty,    -,              text/html,        SCRIPT",
    })
    @DisplayName("I5: who asks is told apart by Fetch metadata, then X-Requested-With, then Accept")
    void whoAsks(String method, String path, String mode, String dest, String with, String accept, RequestKind kind) {
        String[] headers = {"Sec-Fetch-Mode", mode, "Sec-Fetch-Dest", dest, "X-Requested-With", with, "Accept", accept};
        assertEquals(kind, RequestKind.of(Asked.request(method, path, present(headers))));
    }

    @ParameterizedTest(name = "{0}: Accept {1}, Prefer {2} -> {3}")
    @CsvSource({
        "GET,  text/event-stream,           -,          true",
        "GET,  text/html,                   background, true",
        "HEAD, text/html,                   background, true",
        "GET,  text/html,                   -,          false",
        "GET,  'text/html,text/event-stream', -,        false",
        "GET,  text/html,                   wait=10,    false",
        // Who writes is there.
        "POST, text/event-stream,           background, false",
    })
    @DisplayName("L2: what a page asks by itself is told apart from what its user does")
    void whatIsNoActivity(String method, String accept, String prefer, boolean background) {
        String[] headers = {"Accept", accept, "Prefer", prefer};
        assertEquals(background, RequestKind.isInBackground(Asked.request(method, "/notes", present(headers))));
    }

    private static String[] present(String... headers) {
        java.util.List<String> present = new java.util.ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            if (!headers[i + 1].equals(ABSENT)) {
                present.add(headers[i]);
                present.add(headers[i + 1]);
            }
        }
        return present.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/", "/users/api/me", "/users/service/x", "/service", "/a/api/b/c.html"})
    @DisplayName("I5: api and service are for scripts, whatever the headers say")
    void apisAreForScripts(String path) {
        assertEquals(RequestKind.SCRIPT, navigation(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/apiary", "/users/api-guide", "/my-service/", "/services"})
    void pathsThatOnlyLookLikeApisAreNot(String path) {
        assertEquals(RequestKind.NAVIGATION, navigation(path));
    }

    private static RequestKind navigation(String path) {
        return RequestKind.of(Asked.request("GET", path, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"));
    }
}

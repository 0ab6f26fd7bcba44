package org.acme.session.internal.http;

import static org.acme.session.notes.Browser.BARE;
import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.NotesResource;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Writes with a session come from a page of this site ({@link WriteGuard}). */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class WritesTest {

    @Test
    @DisplayName("F29 E4: a person whose form is refused reads why and has a way on; a script gets a problem document")
    void aPersonsFormIsRefusedWithWords() {
        String cookie = TestSessions.cookieOf("alice");
        String[] browser = {"Accept", "text/html", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"};
        String[] oldBrowser = {"Accept", "text/html,*/*;q=0.8"};
        for (String[] headers : new String[][] {
            with(browser, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test"),
            with(browser, "Sec-Fetch-Site", "cross-site", "Origin", "null"),
            with(browser, "Sec-Fetch-Site", "none"),
            with(browser),
            with(oldBrowser, "Origin", "null"),
            with(oldBrowser)
        }) {
            int before = NotesResource.WRITES.get();
            HttpResponse<String> page = post("write", cookie, headers);
            assertEquals(403, page.statusCode());
            assertTrue(header(page, "Content-Type").startsWith("text/html"), header(page, "Content-Type"));
            assertTrue(page.body().contains("go back"), page.body());
            assertTrue(page.body().contains("href=\"/notes/\""), page.body());
            assertEquals("no-store", header(page, "Cache-Control"));
            assertEquals(List.of(), setCookies(page));
            assertEquals(before, NotesResource.WRITES.get());
            assertEquals(
                    "application/problem+json",
                    header(post("api/write", cookie, headers), "Content-Type"),
                    "what is for scripts answers scripts");
        }
    }

    private static String[] with(String[] headers, String... more) {
        return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    @DisplayName("E4: a write with a session comes from this site, or nothing runs; neither header: refused")
    void writesComeFromThisSite() {
        String cookie = TestSessions.cookieOf("alice");
        for (String[] headers : new String[][] {
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"},
            {"Sec-Fetch-Site", "none"},
            {"Sec-Fetch-Site", "cross-site", "Origin", "http://localhost:8081"},
            {"Origin", "http://evil.test"},
            {"Origin", "null"},
            {"Origin", "http://localhost:8082"},
            {"Referer", "http://localhost:8081/notes/"},
            BARE
        }) {
            for (String path : List.of("write", "open-write", "leave", "auth/sign-off")) {
                int before = NotesResource.WRITES.get();
                HttpResponse<String> answer = post(path, cookie, headers);
                assertEquals(403, answer.statusCode(), path + " " + List.of(headers));
                assertEquals("application/problem+json", header(answer, "Content-Type"));
                assertEquals(List.of(), setCookies(answer));
                assertEquals(before, NotesResource.WRITES.get());
            }
        }
        int before = NotesResource.WRITES.get();
        assertEquals(200, post("write", cookie, "Sec-Fetch-Site", "same-origin").statusCode());
        assertEquals(
                200, post("write", cookie, "Origin", "http://localhost:8081").statusCode());
        assertEquals(before + 2, NotesResource.WRITES.get());
    }

    @Test
    @DisplayName("E4: without a session cookie there is nothing to abuse")
    void strangersMayWriteWhereAllMay() {
        assertEquals(
                200, post("open-write", null, "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(200, post("open-write", "sso=forged", BARE).statusCode());
    }

    @Test
    @DisplayName(
            "S2 law 11: a sign-off's address in a link, or in a tab that is restored, ends nothing and is no dead end")
    void aSignOffByLink() {
        String alice = TestSessions.cookieOf("alice");
        assertEquals("/notes/", leadsTo(get("auth/sign-off", alice, NAVIGATION)));
        assertEquals(
                "200 alice",
                get("open", alice).statusCode() + " " + get("open", alice).body());
        assertEquals("/notes/auth/signed-off", leadsTo(get("auth/sign-off", null, NAVIGATION)));
    }

    private static String leadsTo(HttpResponse<String> answer) {
        assertEquals(303, answer.statusCode(), answer.body());
        return header(answer, "Location").replaceFirst("^http://localhost:\\d+", "");
    }
}

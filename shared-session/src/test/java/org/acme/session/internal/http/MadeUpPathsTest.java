package org.acme.session.internal.http;

import static org.acme.session.notes.Browser.BARE;
import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class MadeUpPathsTest {

    private static String metrics() {
        return get("q/metrics", null, "Accept", "text/plain").body();
    }

    private static Set<String> values(String tag) {
        return Pattern.compile("http_server_requests[^\n]*[{,]" + tag + "=\"([^\"]*)\"")
                .matcher(metrics())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("F18, E8: a thousand addresses and methods that somebody made up leave the real ones measured")
    void realRoutesStayMeasured() {
        String cookie = TestSessions.cookieOf("alice");
        get("page", cookie, BARE);
        get("attributes/colour", cookie, BARE);
        for (int i = 0; i < 125; i++) {
            get("made-up/" + i, null, BARE);
            get("made-up/" + i, null, NAVIGATION);
            get("made-up/" + i, cookie, BARE);
            get("api/made-up/" + i, null, "Authorization", "Bearer nonsense");
            get("api/made-up/" + i, null, "Authorization", "Bearer");
            send("POST", "made-up/" + i, cookie, "", "Sec-Fetch-Site", "cross-site");
            get("static/made-up-" + i, null, BARE);
            send("MADEUP" + (char) ('A' + i % 26) + (char) ('A' + i / 26), "page", cookie, "", BARE);
        }
        get("gold", cookie, BARE);
        Set<String> addresses = values("uri");
        assertTrue(addresses.stream().noneMatch(uri -> uri.contains("made-up")), addresses.toString());
        assertTrue(
                addresses.containsAll(Set.of("/page", "/attributes/{name}", "/gold", "UNKNOWN")), addresses.toString());
        Set<String> methods = values("method");
        assertTrue(methods.stream().noneMatch(method -> method.startsWith("MADE")), methods.toString());
        assertTrue(methods.contains("OTHER"));
        assertEquals(200, get("q/metrics", null, "Accept", "text/plain").statusCode());
    }
}

package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.acme.session.notes.FakeProvider;

/**
 * A browser that a page has sent to {@link FakeProvider}.
 *
 * @param location where to
 * @param cookies what it has got with that
 */
record BegunSignIn(String location, List<String> cookies) {

    static final String GOOD_ISS = "&iss=https%3A%2F%2Fissuer.test";

    static BegunSignIn of(HttpResponse<String> away) {
        assertEquals(302, away.statusCode(), away.body());
        return new BegunSignIn(header(away, "Location"), setCookies(away));
    }

    String state() {
        return parameter("state");
    }

    String parameter(String name) {
        return location.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    /** The Cookie header for a path, or null, as a browser that got these one after the other sends it. */
    static String sent(List<String> setCookies, String path) {
        Map<String, String> jar = new TreeMap<>();
        for (String cookie : setCookies) {
            String on = cookie.replaceFirst(".*; [Pp]ath=([^;]*).*", "$1");
            if (path.startsWith(on)) {
                String[] pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
                jar.put(pair[0], cookie.contains("Max-Age=0") ? "" : pair[1]);
            }
        }
        jar.values().removeIf(String::isEmpty);
        return jar.isEmpty()
                ? null
                : jar.entrySet().stream()
                        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                        .collect(Collectors.joining("; "));
    }

    String sentToCallback() {
        return sent(cookies, "/notes/auth/other/callback");
    }

    String callback(String code) {
        return "auth/other/callback?state=" + state() + "&code=" + code + GOOD_ISS;
    }

    String goodCallback() {
        return callback(FakeProvider.codeFor(new JsonObject().put("nonce", parameter("nonce"))));
    }

    /** Comes back signed in. @return the link where it ends */
    String end() {
        HttpResponse<String> signedIn = get(goodCallback(), sentToCallback(), NAVIGATION);
        String on = location(signedIn);
        return on.startsWith("/notes/auth/resume/")
                ? location(get(on.substring("/notes/".length()), resumeCookies(signedIn, on), NAVIGATION))
                : on;
    }

    /** The Cookie header for the address that a callback has led to. */
    String resumeCookies(HttpResponse<String> signedIn, String resume) {
        List<String> all = new ArrayList<>(cookies);
        all.addAll(setCookies(signedIn));
        return sent(all, resume);
    }

    static String location(HttpResponse<String> redirect) {
        assertEquals(303, redirect.statusCode(), redirect.body());
        return header(redirect, "Location").replaceFirst("^http://localhost:\\d+", "");
    }
}

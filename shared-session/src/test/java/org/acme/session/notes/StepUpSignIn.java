package org.acme.session.notes;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;

/**
 * A browser that a page has sent to {@link FakeProvider}.
 *
 * @param location where to
 * @param cookies what it brings to the callback
 */
public record StepUpSignIn(String location, String cookies) {

    /** @param session the Cookie header of who asks for the page; null for nobody */
    public static StepUpSignIn begin(String page, String session) {
        HttpResponse<String> away = get(page, session, NAVIGATION);
        assertEquals(302, away.statusCode(), away.body());
        String ours = setCookies(away).stream()
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .collect(Collectors.joining("; "));
        return new StepUpSignIn(header(away, "Location"), session == null ? ours : session + "; " + ours);
    }

    /** Comes back with a good code. @param claims what the provider says of this sign-in */
    public HttpResponse<String> end(JsonObject claims) {
        String code = FakeProvider.codeFor(claims.copy().put("nonce", parameter("nonce")));
        return get(
                "auth/other/callback?iss=https%3A%2F%2Fissuer.test&state=" + parameter("state") + "&code=" + code,
                cookies,
                NAVIGATION);
    }

    public String parameter(String name) {
        return location.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    public static boolean signsIn(HttpResponse<String> callback) {
        return setCookies(callback).stream().anyMatch(cookie -> cookie.matches("sso=[^;].*"));
    }

    /** The Cookie header of the session that a callback has begun. */
    public static String session(HttpResponse<String> callback) {
        return setCookies(callback).stream()
                .filter(cookie -> cookie.matches("sso=[^;].*"))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("nobody is signed in: " + callback.statusCode() + callback.body()));
    }
}

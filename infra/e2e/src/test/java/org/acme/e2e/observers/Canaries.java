package org.acme.e2e.observers;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.e2e.stack.Site;

/** Everything seen in this run that must never be found in a log (L11), each with what it is. */
public final class Canaries {

    /** Shorter values are words, and may stand in a log by chance. */
    static final int SHORTEST = 16;

    private static final Set<String> SECRET_PARAMETERS = Set.of(
            "code", "state", "nonce", "session_code", "id_token_hint", "access_token", "token", "code_challenge");

    private static final Map<String, String> SEEN = new ConcurrentHashMap<>();

    private Canaries() {}

    /** Remembers a value, as it is and percent-decoded. */
    public static void note(String kind, String value) {
        if (value != null && value.length() >= SHORTEST) {
            SEEN.putIfAbsent(value, kind);
            if (value.contains("%")) {
                try {
                    SEEN.putIfAbsent(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8), kind);
                } catch (IllegalArgumentException forged) {
                    // not an encoding at all: the raw form is noted
                }
            }
        }
    }

    /** Remembers a session cookie and the session id in it. */
    public static void noteSession(String cookieValue) {
        note("session cookie", cookieValue);
        if (SignedCookie.looksSigned(cookieValue)) {
            note("session id", SignedCookie.idOf(cookieValue));
        }
    }

    public static void noteSetCookie(String header) {
        String pair = header.split(";", 2)[0];
        int equals = pair.indexOf('=');
        if (pair.startsWith(Site.COOKIE + "=")) {
            noteSession(pair.substring(equals + 1));
        } else {
            note("cookie " + pair.substring(0, Math.max(0, equals)), pair.substring(equals + 1));
        }
    }

    /** Remembers the secrets among an address's query parameters. */
    public static void noteQuery(URI uri) {
        if (uri.getRawQuery() == null) {
            return;
        }
        for (String parameter : uri.getRawQuery().split("&")) {
            String[] pair = parameter.split("=", 2);
            if (pair.length == 2 && SECRET_PARAMETERS.contains(pair[0])) {
                note("parameter " + pair[0], pair[1]);
            }
        }
    }

    /** Remembers what a request carried in its headers. */
    public static void noteHeader(String name, String value) {
        if (name.equalsIgnoreCase("Authorization")) {
            note("bearer token", value.substring(value.indexOf(' ') + 1));
        } else if (name.equalsIgnoreCase("Cookie")) {
            for (String pair : value.split(";")) {
                noteSetCookie(pair.trim());
            }
        }
    }

    /** Values with their kinds. */
    public static Map<String, String> all() {
        return new TreeMap<>(SEEN);
    }
}

package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.acme.session.internal.http.ReturnUrl;

/** A return URL: what is accepted stays on this site, by Java's rules and by a browser's. */
public final class ReturnUrlFuzz {

    private static final URI SITE = URI.create("https://sso.example.org/users/profile");

    private ReturnUrlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ReturnUrl.local(text).ifPresent(url -> {
            assertTrue(url.chars().allMatch(c -> c > 0x20 && c < 0x7F), "it would need encoding in a header");
            URI resolved = SITE.resolve(URI.create(url));
            assertEquals("https", resolved.getScheme());
            assertEquals(SITE.getRawAuthority(), resolved.getRawAuthority());
            staysByABrowsersRules(url);
        });
    }

    /**
     * The WHATWG URL standard, "basic URL parser", for what begins with a slash: blanks at the ends, tabs and line breaks go, a
     * backslash is a slash, two of them begin an authority; then dot segments are resolved, encoded ones too.
     */
    private static void staysByABrowsersRules(String url) {
        String seen = url.replaceAll("^[\\x00-\\x20]+|[\\x00-\\x20]+$", "").replaceAll("[\\t\\n\\r]", "");
        assertTrue(seen.startsWith("/"), "relative to the page, or another scheme");
        String path = seen.split("[?#]", 2)[0].replace('\\', '/');
        assertFalse(path.startsWith("//"), "an authority");
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.substring(1).split("/", -1)) {
            String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
            if (plain.equals("..")) {
                segments.pollLast();
            } else if (!plain.equals(".")) {
                segments.add(segment);
            }
        }
        assertFalse(String.join("/", segments).startsWith("/"), "what is left begins with two slashes");
    }
}

package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.acme.session.contract.BaseUrl;

/** The base URL: what is accepted is an origin as browsers send it, and https unless it is this machine. */
public final class BaseUrlFuzz {

    private BaseUrlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        parse(text).ifPresent(BaseUrlFuzz::isAnOrigin);
        parse("https://" + text).ifPresent(BaseUrlFuzz::isAnOrigin);
        parse("http://localhost" + text).ifPresent(BaseUrlFuzz::isAnOrigin);
    }

    private static void isAnOrigin(BaseUrl url) {
        assertEquals((url.secure() ? "https://" : "http://") + url.authority(), url.origin());
        assertEquals(url.origin().toLowerCase(Locale.ROOT), url.origin());
        assertEquals(url, BaseUrl.parse(url.origin()));
        URI uri = URI.create(url.origin());
        assertEquals(url.authority(), uri.getRawAuthority());
        assertTrue(uri.getPort() != 0 && uri.getPort() <= 65535, "no such port");
        assertTrue(uri.getPort() != (url.secure() ? 443 : 80), "browsers leave the default port out");
        assertTrue(
                url.secure() || uri.getHost().matches("(.+\\.)?localhost|127\\.0\\.0\\.1|\\[::1]"),
                "plain http to another machine");
    }

    private static Optional<BaseUrl> parse(String text) {
        try {
            return Optional.of(BaseUrl.parse(text));
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().startsWith("The base URL"), "the reason is said in our words");
            return Optional.empty();
        }
    }
}

package org.acme.session.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A link back to a page of this site, and to nothing else. */
public final class ReturnUrl {

    private static final int LONGEST = 2000;

    /** One slash, then no other slash or backslash; nothing that some browser or proxy drops or turns into a slash. */
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x5B\\x5D-\\x7E]*");

    private static final Pattern DISGUISED =
            Pattern.compile("%(?:0[0-9a-f]|1[0-9a-f]|2f|5c|7f|25)", Pattern.CASE_INSENSITIVE);

    /** What browsers leave as it is in a query, and RFC 3986 has no place for. */
    private static final Pattern UNENCODED = Pattern.compile("[\"<>\\[\\]^`{|}]");

    private ReturnUrl() {}

    /**
     * The text if it is a path on this site, with its query; empty for another site's address in any disguise, and for
     * what is no URL. Characters that a URL cannot hold are percent-encoded.
     *
     * @param text what a client sent; null counts as empty
     */
    public static Optional<String> local(String text) {
        if (text == null || text.length() > LONGEST || !LOCAL.matcher(text).matches()) {
            return Optional.empty();
        }
        String path = text.split("[?#]", 2)[0];
        return path.contains("//")
                        || path.contains("/..")
                        || DISGUISED.matcher(path).find()
                        || text.matches("(?i).*%0[ad].*")
                ? Optional.empty()
                : encoded(text);
    }

    private static Optional<String> encoded(String text) {
        String url = UNENCODED.matcher(text).replaceAll(found -> "%%%02X"
                .formatted((int) found.group().charAt(0)));
        try {
            return Optional.of(new URI(url).toString());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}

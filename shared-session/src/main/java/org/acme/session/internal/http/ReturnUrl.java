package org.acme.session.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A link back to a page of this site, and to nothing else. Every link that the proxy passes is one; a query may hold
 * whatever browsers send in one.
 */
public final class ReturnUrl {

    /** What a proxy takes for one line of a request (nginx.conf, {@code $too_long}), and a little. */
    private static final int LONGEST = 16 * 1024;

    /** What some server or browser would read as a second slash, as a separator, or not at all. */
    private static final Pattern DISGUISED =
            Pattern.compile("\\\\|%(?:0[0-9a-f]|1[0-9a-f]|2f|5c|7f)", Pattern.CASE_INSENSITIVE);

    private static final Pattern TWO_SLASHES = Pattern.compile("//|/\\.\\.(?:/|$)");
    /** What browsers leave as it is in a query or a path, and RFC 3986 has no place for there. */
    private static final String NO_PLACE = "\"<>[\\]^`{|}";

    private static final Pattern BARE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** How often a server might decode what came from it; nobody decodes three times. */
    private static final int DECODINGS = 3;

    private ReturnUrl() {}

    /**
     * The text if it is a path on this site, with its query; empty for another site's address in any disguise, and for
     * what is no URL. Characters that a URL cannot hold are percent-encoded.
     *
     * @param text what a client sent, decoded; null counts as empty
     */
    public static Optional<String> local(String text) {
        if (text == null || text.length() > LONGEST || !text.startsWith("/")) {
            return Optional.empty();
        }
        int end = endOfPath(text);
        String path = text.substring(0, end);
        String rest = text.substring(end);
        return staysHere(path)
                        && rest.chars().noneMatch(ReturnUrl::isBlankOrControl)
                        && rest.indexOf('#') == rest.lastIndexOf('#')
                ? Optional.of(encoded(path) + encoded(rest))
                : Optional.empty();
    }

    /**
     * The same for the target of a request (RFC 9112, section 3.2) as a server or proxy hands it on: each character is one
     * byte of it.
     *
     * @param target what was asked for; null counts as empty
     */
    public static Optional<String> ofRequest(String target) {
        return local(target == null ? null : asciiOnly(target));
    }

    /**
     * The same, byte for byte as it was sent, raw characters of its query included: for the browser that sent it.
     *
     * @param target what was asked for; null counts as empty
     */
    public static Optional<String> unchanged(String target) {
        return ofRequest(target).map(sameForEverybody -> asciiOnly(target));
    }

    /** A request's target with every character that a URL cannot hold percent-encoded. */
    static String encodedTarget(String target) {
        // Asked of every request, and nearly always so.
        boolean asItShouldBe =
                target.chars().allMatch(c -> c < 0x7F && NO_PLACE.indexOf(c) < 0) && isEncodedRight(target);
        return asItShouldBe ? target : encoded(asciiOnly(target));
    }

    private static boolean isEncodedRight(String target) {
        return target.indexOf('%') < 0 || !BARE_PERCENT.matcher(target).find();
    }

    private static int endOfPath(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) != '?' && text.charAt(end) != '#') {
            end++;
        }
        return end;
    }

    private static boolean staysHere(String path) {
        if (DISGUISED.matcher(path).find()
                || TWO_SLASHES.matcher(path).find()
                || BARE_PERCENT.matcher(path).find()
                || !path.codePoints().allMatch(ReturnUrl::isPlain)) {
            return false;
        }
        String seen = path;
        for (int i = 0; i < DECODINGS; i++) {
            seen = decodedStart(seen);
            if (seen.length() > 1 && (seen.charAt(1) == '/' || seen.charAt(1) == '\\' || seen.charAt(1) < 0x20)) {
                return false;
            }
        }
        return true;
    }

    /** Beyond ASCII, letters and digits only: no slash, dot or blank that looks like one of ours. */
    private static boolean isPlain(int c) {
        return c > 0x20 && c < 0x7F || c > 0x7F && Character.isLetterOrDigit(c);
    }

    private static boolean isBlankOrControl(int c) {
        return c <= 0x20 || c >= 0x7F && (Character.isISOControl(c) || Character.isWhitespace(c) || c == 0xA0);
    }

    /** Each escape of the first few characters decoded once; that is where two slashes would lead elsewhere. */
    private static String decodedStart(String path) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' && i + 2 < path.length() && isHex(path.charAt(i + 1)) && isHex(path.charAt(i + 2))) {
                seen.append((char) HexFormat.fromHexDigits(path, i + 1, i + 3));
                i += 2;
            } else {
                seen.append(c);
            }
        }
        return seen.toString();
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    private static String asciiOnly(String bytes) {
        StringBuilder text = new StringBuilder(bytes.length());
        for (char c : bytes.toCharArray()) {
            if (c < 0x80) {
                text.append(c);
            } else {
                escape(text, (byte) c);
            }
        }
        return text.toString();
    }

    /** What browsers leave as it is, and RFC 3986 has no place for, as everybody reads it the same way. */
    private static String encoded(String part) {
        String whole = isEncodedRight(part) ? part : BARE_PERCENT.matcher(part).replaceAll("%25");
        StringBuilder url = new StringBuilder(whole.length());
        whole.codePoints().forEach(c -> {
            if (c < 0x7F && NO_PLACE.indexOf(c) < 0) {
                url.append((char) c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    escape(url, b);
                }
            }
        });
        return url.toString();
    }

    private static void escape(StringBuilder text, byte b) {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
    }
}

package org.acme.session.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads one cookie as Express does (cookie 0.7.2), so that every member sees the same one: the first of that name
 * counts, later ones are never looked at.
 */
public final class CookieHeader {

    private CookieHeader() {}

    /**
     * The decoded value of the first cookie of that name.
     *
     * @param lines the request's Cookie header lines, in order
     */
    public static Optional<String> first(List<String> lines, String name) {
        for (String line : lines) {
            int start = 0;
            int equals = line.indexOf('=');
            while (equals >= 0) {
                int end = line.indexOf(';', start);
                if (end < 0) {
                    end = line.length();
                }
                if (equals < end && trim(line, start, equals).equals(name)) {
                    return Optional.of(decode(unquote(trim(line, equals + 1, end))));
                }
                start = end + 1;
                // Looked for again only once passed: a header of semicolons would be searched to its end each time.
                if (equals < start) {
                    equals = line.indexOf('=', start);
                }
            }
        }
        return Optional.empty();
    }

    private static String trim(String text, int start, int end) {
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String unquote(String value) {
        // A single quote mark is first and last at once: cookie makes nothing of it.
        boolean quoted = value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, Math.max(1, value.length() - 1)) : value;
    }

    /** JavaScript's decodeURIComponent; a value that it would refuse stays as it is. */
    private static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[encoded.length];
        int length = 0;
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                bytes[length++] = encoded[i];
                continue;
            }
            if (i + 2 >= encoded.length
                    || !HexFormat.isHexDigit(encoded[i + 1])
                    || !HexFormat.isHexDigit(encoded[i + 2])) {
                return value;
            }
            bytes[length++] =
                    (byte) (HexFormat.fromHexDigit(encoded[i + 1]) << 4 | HexFormat.fromHexDigit(encoded[i + 2]));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return value;
        }
    }
}

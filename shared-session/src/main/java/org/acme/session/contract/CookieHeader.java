package org.acme.session.contract;

import java.io.ByteArrayOutputStream;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= value.length()
                    || !HexFormat.isHexDigit(value.charAt(i + 1))
                    || !HexFormat.isHexDigit(value.charAt(i + 2))) {
                return value;
            }
            bytes.write(HexFormat.fromHexDigits(value, i + 1, i + 3));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return value;
        }
    }
}

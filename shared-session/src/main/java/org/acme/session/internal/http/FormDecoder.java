package org.acme.session.internal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code application/x-www-form-urlencoded} as the URL standard has it (section 5.1), but takes no byte for another
 * one: what is no percent-encoding, and what is not of the character set, is refused instead of replaced.
 *
 * @param maxFields most fields
 * @param maxFieldBytes most bytes of a name, and of a value, both decoded
 * @param charset what the bytes are
 */
record FormDecoder(int maxFields, long maxFieldBytes, Charset charset) {

    /** @param value empty where there was no {@code =} */
    record Field(String name, String value) {}

    /**
     * In their order; empty ones between two {@code &} are left out.
     *
     * @throws UnreadableBodyException 400 when it cannot be decoded, 413 when it is more than the limits say
     */
    List<Field> decode(byte[] form) {
        List<Field> fields = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= form.length; i++) {
            if (i == form.length || form[i] == '&') {
                if (i > start) {
                    if (fields.size() == maxFields) {
                        throw new UnreadableBodyException(413, "too many fields");
                    }
                    fields.add(field(form, start, i));
                }
                start = i + 1;
            }
        }
        return fields;
    }

    private Field field(byte[] form, int start, int end) {
        int equals = start;
        while (equals < end && form[equals] != '=') {
            equals++;
        }
        return new Field(text(form, start, equals), equals == end ? "" : text(form, equals + 1, end));
    }

    private String text(byte[] form, int start, int end) {
        ByteBuffer decoded = ByteBuffer.allocate(end - start);
        for (int i = start; i < end; i++) {
            byte next = form[i];
            if (next == '%') {
                decoded.put((byte) (digit(form, i + 1, end) << 4 | digit(form, i + 2, end)));
                i += 2;
            } else {
                decoded.put(next == '+' ? (byte) ' ' : next);
            }
        }
        decoded.flip();
        if (decoded.remaining() > maxFieldBytes) {
            throw new UnreadableBodyException(413, "a field that is too long");
        }
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(decoded)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableBodyException(400, "another character set");
        }
    }

    private static int digit(byte[] form, int at, int end) {
        int digit = at < end ? Character.digit(form[at], 16) : -1;
        if (digit < 0) {
            throw new UnreadableBodyException(400, "no percent-encoding");
        }
        return digit;
    }
}

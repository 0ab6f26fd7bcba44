package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.acme.session.internal.http.FormDecoder.Field;

/** The body of a form: it is read, and means what browsers mean by it, or it is refused; nothing else happens. */
public final class FormFuzz {

    private static final int MOST_FIELDS = 20;
    private static final int MOST_BYTES = 64;
    private static final FormDecoder DECODER = new FormDecoder(MOST_FIELDS, MOST_BYTES, StandardCharsets.UTF_8);

    private FormFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<Field> fields;
        try {
            fields = DECODER.decode(input);
        } catch (UnreadableBodyException refused) {
            assertTrue(Set.of(400, 413).contains(refused.status()), "an answer about the body");
            assertTrue(refused.getMessage().matches("[A-Za-z0-9 -]{1,40}"), "nothing of the body is said");
            return;
        }
        assertTrue(fields.size() <= MOST_FIELDS);
        fields.forEach(field -> {
            assertTrue(field.name().getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES);
            assertTrue(field.value().getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES);
        });
        String asBrowsersWrite = fields.stream()
                .map(field -> encoded(field.name()) + "=" + encoded(field.value()))
                .collect(Collectors.joining("&"));
        assertEquals(fields, DECODER.decode(asBrowsersWrite.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.acme.session.internal.oidc.ReadAnswer;

/**
 * A token endpoint's answer, whose first byte chooses its status: it has one meaning, only {@code invalid_grant} in a 4xx ends a
 * session, only a 200 with a token is one, and nothing of it gets into a line of the log but an error's code.
 */
public final class TokenResponseFuzz {

    private static final List<Integer> STATUSES = List.of(200, 400, 401, 403, 408, 429, 500, 503, 302, 204);

    private TokenResponseFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int status = STATUSES.get(Math.floorMod(input[0] - '0', STATUSES.size()));
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        ReadAnswer answer = ReadAnswer.of(status, body);
        assertEquals(answer, ReadAnswer.of(status, body));
        boolean ofTheToken = status >= 400 && status < 500 && status != 408 && status != 429;
        switch (answer.meaning()) {
            case ACCEPTED -> {
                assertEquals(200, status);
                assertTrue(!answer.access().isBlank(), "no token");
                assertTrue(answer.seconds() >= 1 && answer.seconds() <= 366L * 24 * 60 * 60, "no time");
            }
            case REFUSED -> {
                assertTrue(ofTheToken, "a session ended by " + status);
                // Escapes, or a packed body, may hide it.
                assertTrue(
                        plain(body).contains("invalid_grant") || plain(body).contains("\\u") || isPacked(body),
                        "a session ended by something else");
            }
            case SIGN_IN_AGAIN -> {
                assertTrue(ofTheToken || status == 200, "asked to sign in by " + status);
                assertTrue(answer.why().matches("[a-z][a-z0-9_.-]{0,63}"), "a line of the log: " + answer.why());
            }
            default -> assertTrue(answer.why().matches("[a-zA-Z0-9 ]+"), "a line of the log: " + answer.why());
        }
    }

    private static boolean isPacked(byte[] body) {
        return body.length > 1 && body[0] == 0x1F;
    }

    private static String plain(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}

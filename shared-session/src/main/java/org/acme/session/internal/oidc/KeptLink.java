package org.acme.session.internal.oidc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A link as cookies hold it: compressed (RFC 1951), since links repeat themselves and each cookie has 4,096 bytes at most
 * (RFC 6265, section 6.1), in Base64 for URLs, in as many pieces as it takes.
 */
final class KeptLink {

    /** With the other cookies of a request they have to fit into a line of headers, of which proxies take 16 KB. */
    static final int MOST_PIECES = 3;

    private static final int PIECE = 3700;

    /** What a link can be at most when it is unpacked; a cookie is the browser's own, and may be a bomb. */
    private static final int LONGEST = 32 * 1024;

    private KeptLink() {}

    /** @return the pieces, in order; empty for a link that takes more than there may be */
    static List<String> pieces(String link) {
        String packed = Base64.getUrlEncoder().withoutPadding().encodeToString(deflate(link));
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < packed.length(); at += PIECE) {
            pieces.add(packed.substring(at, Math.min(packed.length(), at + PIECE)));
        }
        return pieces.size() > MOST_PIECES ? List.of() : pieces;
    }

    /** @return empty for what was not made by {@link #pieces} */
    static Optional<String> of(List<String> pieces) {
        try {
            return inflate(Base64.getUrlDecoder().decode(String.join("", pieces)));
        } catch (IllegalArgumentException | DataFormatException notOurs) {
            return Optional.empty();
        }
    }

    private static byte[] deflate(String link) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(link.getBytes(StandardCharsets.ISO_8859_1));
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static Optional<String> inflate(byte[] packed) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            byte[] link = new byte[LONGEST];
            int length = inflater.inflate(link);
            return inflater.finished()
                    ? Optional.of(new String(link, 0, length, StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } finally {
            inflater.end();
        }
    }
}

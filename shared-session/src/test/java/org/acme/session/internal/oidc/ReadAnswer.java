package org.acme.session.internal.oidc;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** What a token answer was read as, for tests outside of this package. */
public record ReadAnswer(Meaning meaning, String access, long seconds, String why) {

    /** As {@link TokenResponse} has them. */
    public enum Meaning {
        ACCEPTED,
        REFUSED,
        SIGN_IN_AGAIN,
        CANNOT_TELL
    }

    /** A body that cannot be unpacked fails the request, so that nothing is known. */
    public static ReadAnswer of(int status, byte[] body) {
        Buffer plain;
        try {
            plain = PlainBody.plain(Buffer.buffer(body));
        } catch (java.io.UncheckedIOException notPacked) {
            return new ReadAnswer(Meaning.CANNOT_TELL, "", 0, "not packed");
        }
        TokenResponse answer = TokenResponse.of(status, PlainBody.object(plain));
        if (answer instanceof TokenResponse.Accepted accepted) {
            return new ReadAnswer(
                    Meaning.ACCEPTED,
                    accepted.access(),
                    accepted.goodFor().orElse(Duration.ofSeconds(60)).toSeconds(),
                    "");
        }
        if (answer instanceof TokenResponse.SignInAgain again) {
            return new ReadAnswer(Meaning.SIGN_IN_AGAIN, "", 0, again.error());
        }
        return answer instanceof TokenResponse.CannotTell unclear
                ? new ReadAnswer(Meaning.CANNOT_TELL, "", 0, unclear.why())
                : new ReadAnswer(Meaning.REFUSED, "", 0, "");
    }
}

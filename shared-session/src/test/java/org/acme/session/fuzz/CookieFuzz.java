package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.SessionId;

/** A Cookie header: what verifies was signed by us, and the first cookie of the name is the one that counts. */
public final class CookieFuzz {

    private static final String NEW = "the-secret-that-signs-0123456789abcdef";
    private static final String OLD = "the-secret-before-it-0123456789abcdef";
    private static final CookieSigner BOTH = new CookieSigner(List.of(NEW, OLD));
    private static final List<CookieSigner> EACH =
            List.of(new CookieSigner(List.of(NEW)), new CookieSigner(List.of(OLD)));
    private static final SessionCookie COOKIE =
            SessionCookie.of(BaseUrl.parse("http://localhost:8080"), Optional.empty());

    private CookieFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);
        Optional<String> value = CookieHeader.first(List.of(header), "sso");
        value.flatMap(BOTH::verify)
                .ifPresent(id -> assertTrue(
                        EACH.stream().anyMatch(signer -> signer.sign(id).equals(value.get())), "nobody signed this"));
        BOTH.verify(header)
                .ifPresent(id -> assertTrue(
                        EACH.stream().anyMatch(signer -> signer.sign(id).equals(header)), "nobody signed this"));

        assertEquals(
                value, CookieHeader.first(List.of(header, "sso=later"), "sso").filter(found -> value.isPresent()));
        assertEquals(Optional.of("first"), CookieHeader.first(List.of("sso=first;" + header), "sso"));

        SessionId id = new SessionId(Digests.sha256(header));
        String ours = COOKIE.set(BOTH.sign(id));
        String beside = ours.substring(0, ours.indexOf(';')) + "; " + header;
        assertEquals(Optional.of(id), CookieHeader.first(List.of(beside), "sso").flatMap(BOTH::verify));
    }
}

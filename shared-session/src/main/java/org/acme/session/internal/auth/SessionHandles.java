package org.acme.session.internal.auth;

import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Base64;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.TokenSeal;

/**
 * Names sessions on a page without showing their ids: a keyed digest over who looks and what is seen, the same in every
 * instance. Another viewer gets other names, so a handle that leaks is good for nothing.
 */
@Singleton
class SessionHandles {

    private static final int BYTES = 16;

    private final byte[] key;

    SessionHandles(TokenSeal seal) {
        this.key = seal.deriveKey("session handles");
    }

    /** @param viewer who looks; a session or a user */
    String of(String viewer, SessionId session) {
        byte[] digest = Digests.derive(key, viewer + '\0' + session.value());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
    }
}

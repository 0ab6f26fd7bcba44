package org.acme.session.internal.live;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.TokenSeal;

/** Names for sessions that lead nowhere: they are in no log and no index, and without the fleet's key nobody can compute them. */
@Singleton
class SessionNames {

    private static final int SHA_256 = 64;

    private final byte[] key;

    @Inject
    SessionNames(TokenSeal seal) {
        this(seal.deriveKey("live view"));
    }

    SessionNames(byte[] key) {
        this.key = key.clone();
    }

    /** @param session SHA-256 of a session id */
    String of(String session) {
        return ofFingerprint(session.length() < SHA_256 ? session : SessionId.fingerprint(session));
    }

    /** @param fingerprint as logs and profiles have it */
    String ofFingerprint(String fingerprint) {
        return HexFormat.of().formatHex(Digests.derive(key, fingerprint), 0, 2);
    }
}

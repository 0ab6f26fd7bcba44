package org.acme.frame;

import org.acme.session.CurrentSession;
import org.acme.session.SignedInUser;

/**
 * Who reads a page.
 *
 * @param known whether that could be told: with Redis away it cannot
 * @param name what they are called; empty when nobody is signed in, or it could not be told
 * @param key tells users apart, and names none; empty likewise
 * @param idleSeconds how long their session lasts that nobody uses; 0 likewise
 */
record Reader(boolean known, String name, String key, long idleSeconds) {

    static final Reader UNKNOWN = new Reader(false, "", "", 0);
    static final Reader NOBODY = new Reader(true, "", "", 0);

    static Reader of(CurrentSession session) {
        if (!session.isPresent()) {
            return NOBODY;
        }
        SignedInUser user = session.user();
        return new Reader(
                true, user.name(), user.fingerprint(), session.idleLimit().toSeconds());
    }

    public boolean signedIn() {
        return !name.isEmpty();
    }
}

package org.acme.layout;

import org.acme.session.CurrentSession;
import org.acme.session.SignedInUser;

/**
 * Who reads a page.
 *
 * @param known whether that could be told: with Redis unavailable it cannot
 * @param name what they are called; empty when nobody is signed in, or it could not be told
 * @param key tells users apart, and names none; empty likewise
 * @param idleSeconds how long their session lasts that nobody uses; 0 likewise
 */
record PageUser(boolean known, String name, String key, long idleSeconds) {

    static final PageUser UNKNOWN = new PageUser(false, "", "", 0);
    static final PageUser ANONYMOUS = new PageUser(true, "", "", 0);

    static PageUser of(CurrentSession session) {
        if (!session.isPresent()) {
            return ANONYMOUS;
        }
        SignedInUser user = session.user();
        return new PageUser(
                true, user.name(), user.fingerprint(), session.idleLimit().toSeconds());
    }

    public boolean signedIn() {
        return !name.isEmpty();
    }
}

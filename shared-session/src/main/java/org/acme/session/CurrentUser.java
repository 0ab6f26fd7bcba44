package org.acme.session;

/**
 * The person that the request being served is from, known by the session or by a bearer token. Inject it where both are
 * welcome; {@link CurrentSession} is for what only a session has.
 */
public interface CurrentUser {

    /** Whether somebody is signed in. */
    boolean isPresent();

    /** Who it is; never null. Throws {@link IllegalStateException} when nobody is signed in. */
    SignedInUser get();
}

package org.acme.session;

import org.acme.session.spi.SessionEnded.Reason;

/** Why a session is over, or what it opened has to be opened anew, as far as its own user may be told. */
public enum SessionEnding {
    /** By its user, or by an administrator. */
    SIGNED_OFF("signed off"),
    /** The user has signed in anew in the same browser. */
    REPLACED("replaced by a new sign-in"),
    /** The provider said so, or refused to refresh the tokens. */
    ENDED_BY_PROVIDER("ended by the provider"),
    /** Nobody used it for as long as its idle limit, or a guest ended it. */
    IDLE("not used for too long"),
    /** Its absolute end has come. */
    TIME_OVER("its time is over"),
    /** The session lives, with other roles: who comes back is asked for them again. */
    ROLES_CHANGED("its user's roles have changed"),
    /** The session lives, but its provider cannot be asked whether it still should. */
    PROVIDER_UNAVAILABLE("its provider cannot be asked");

    private final String text;

    SessionEnding(String text) {
        this.text = text;
    }

    /** Whether the session has ended, so that coming back with its cookie is of no use. */
    public boolean isOver() {
        return this != ROLES_CHANGED && this != PROVIDER_UNAVAILABLE;
    }

    /** A few English words, for people. */
    public String text() {
        return text;
    }

    /** @param reason as the session's record has it */
    public static SessionEnding of(String reason) {
        if (reason.equals(Reason.SIGNED_OFF.text())) {
            return SIGNED_OFF;
        }
        if (reason.equals(Reason.REPLACED.text())) {
            return REPLACED;
        }
        return reason.equals(Reason.REFRESH_REFUSED.text()) || reason.equals(Reason.PROVIDER_LOGOUT.text())
                ? ENDED_BY_PROVIDER
                : IDLE;
    }
}

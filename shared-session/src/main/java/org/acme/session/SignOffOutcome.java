package org.acme.session;

/** What a sign-off came to. The shared session has ended in each case. */
public enum SignOffOutcome {
    /** The provider's session has ended too, or was dealt with by an earlier sign-off of the same session. */
    SIGNED_OFF,
    /** The provider could not be reached or refused: it may sign the user in again without asking. */
    PROVIDER_MAY_REMEMBER
}

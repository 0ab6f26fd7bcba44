package org.acme.session;

/** What a sign-off did at the provider. The shared session has ended in each case. */
public enum SignOffOutcome {
    /** The provider ended its session as well. */
    PROVIDER_SESSION_ENDED,
    /** The provider could not be reached or refused: it may sign the user in again without asking. */
    PROVIDER_SESSION_MAY_LIVE
}

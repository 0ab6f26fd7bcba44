package org.acme.session.auth;

import org.acme.session.web.StepUpRequirement;

/** The user has to prove once more, or better, who they are. */
final class StepUpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient StepUpRequirement wanted;

    StepUpException(StepUpRequirement wanted) {
        super("The sign-in will not do: wanted is " + wanted.parameters());
        this.wanted = wanted;
    }

    StepUpRequirement wanted() {
        return wanted;
    }
}

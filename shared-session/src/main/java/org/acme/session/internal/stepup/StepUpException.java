package org.acme.session.internal.stepup;

import org.acme.session.internal.http.StepUpRequirement;

/** The user has to prove once more, or better, who they are. */
public final class StepUpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient StepUpRequirement wanted;

    StepUpException(StepUpRequirement wanted) {
        super("The sign-in will not do: wanted is " + wanted.parameters());
        this.wanted = wanted;
    }

    public StepUpRequirement wanted() {
        return wanted;
    }
}

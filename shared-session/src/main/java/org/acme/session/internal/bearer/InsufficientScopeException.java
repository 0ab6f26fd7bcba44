package org.acme.session.internal.bearer;

import io.quarkus.security.ForbiddenException;

/** The request's access token lacks a scope. */
public final class InsufficientScopeException extends ForbiddenException {

    private static final long serialVersionUID = 1L;

    private final String scope;

    InsufficientScopeException(String scope) {
        super("The scope " + scope + " is missing");
        this.scope = scope;
    }

    public String scope() {
        return scope;
    }
}

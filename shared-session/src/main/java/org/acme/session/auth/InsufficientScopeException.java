package org.acme.session.auth;

import io.quarkus.security.ForbiddenException;

/** The request's access token lacks a scope. */
final class InsufficientScopeException extends ForbiddenException {

    private static final long serialVersionUID = 1L;

    private final String scope;

    InsufficientScopeException(String scope) {
        super("The scope " + scope + " is missing");
        this.scope = scope;
    }

    String scope() {
        return scope;
    }
}

package org.acme.users.directory;

/**
 * Who asks about people: a person, by session or token, or a service on its own behalf. No two share a budget.
 *
 * @param kind which budget applies
 * @param issuer the issuer that the identifier comes from; empty for a service, whose tokens have one issuer
 * @param identifier the person's subject, or the name of the service's account
 */
public record Caller(Kind kind, String issuer, String identifier) {

    /** Which budget applies. */
    public enum Kind {
        PERSON,
        SERVICE
    }

    /** Somebody who is signed in. */
    public static Caller person(String issuer, String subject) {
        return new Caller(Kind.PERSON, issuer, subject);
    }

    /** A service with a token of its own. */
    public static Caller service(String account) {
        return new Caller(Kind.SERVICE, "", account);
    }
}

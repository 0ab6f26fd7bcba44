package org.acme.session.contract;

import java.util.List;

/**
 * The Redis keys of the session. Both keys of one session have the same hash tag, so one script may touch both in a
 * Redis Cluster; guests reach {@code sess:*} only, and ours begin with a brace.
 */
public final class Keys {

    /** When which instance may trust its memory: a sorted set of instance names, scored by the end of their lease. */
    public static final String LEASES = "leases";

    /** Who has signed in within the longest life of a session: a sorted set of {@link UserEntry}, scored as its sessions. */
    public static final String USERS = "idx:users";

    private Keys() {}

    /** Express' key: JSON. */
    public static String express(SessionId id) {
        return "sess:" + id.value();
    }

    /** Our key: a hash. */
    public static String record(SessionId id) {
        return "{sess:" + id.value() + "}:sso";
    }

    /** Both keys, in the order in which scripts take them. */
    public static List<String> of(SessionId id) {
        return List.of(express(id), record(id));
    }

    /** Held by the instance that refreshes the tokens. */
    public static String refreshLock(SessionId id) {
        return "{sess:" + id.value() + "}:refresh";
    }

    /** Present while the provider is not asked about the tokens of that revision: it wants their user to sign in again. */
    public static String signInWanted(SessionId id) {
        return "{sess:" + id.value() + "}:sign-in";
    }

    /** The sessions of a user: a sorted set of session ids, scored by absolute end. */
    public static String userIndex(String issuer, String subject) {
        return userIndex(Digests.sha256(issuer, subject));
    }

    /** @param userHash SHA-256 of issuer, NUL and subject */
    public static String userIndex(String userHash) {
        return "idx:user:" + userHash;
    }

    /** The sessions that one provider session opened: a sorted set as {@link #userIndex}. */
    public static String providerSessionIndex(String providerSessionHash) {
        return "idx:sid:" + providerSessionHash;
    }

    /** Present while access tokens of an ended provider session may still be around. */
    public static String endedProviderSession(String providerSessionHash) {
        return "ended-sid:" + providerSessionHash;
    }

    /** The same for everything that was issued to a user until they were signed out as a whole. */
    public static String endedUser(String issuer, String subject) {
        return endedUser(Digests.sha256(issuer, subject));
    }

    /** @param userHash SHA-256 of issuer, NUL and subject */
    public static String endedUser(String userHash) {
        return "ended-sid:user:" + userHash;
    }

    /** Present once a logout token has done its work. */
    public static String logoutToken(String issuer, String jti) {
        return "jti:" + Digests.sha256(issuer, jti);
    }
}

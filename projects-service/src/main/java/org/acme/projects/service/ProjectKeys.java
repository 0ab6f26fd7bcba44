package org.acme.projects.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Every Redis key of this service. The service's Redis user may touch {@code projects:*}; the part in braces keeps them in
 * one slot of a Redis Cluster, so that one script may write them together.
 */
final class ProjectKeys {

    private static final String PREFIX = "projects:{all}:";

    /** Counter: the number of the latest project. */
    static final String LATEST_NUMBER = PREFIX + "latest-number";

    /** Sorted set: the id of every project by its number. */
    static final String EVERYBODYS = PREFIX + "by-number";

    private ProjectKeys() {}

    /** Hash: one project. */
    static String project(String id) {
        return PREFIX + "project:" + id;
    }

    /** Sorted set: the ids of one owner's projects by number. Hashed, as issuers and subjects may hold any character. */
    static String ownedBy(Owner owner) {
        return PREFIX + "owned-by:" + sha256(owner.issuer() + '\0' + owner.subject());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}

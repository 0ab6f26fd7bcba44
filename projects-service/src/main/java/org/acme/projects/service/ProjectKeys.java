package org.acme.projects.service;

import java.time.LocalDate;

/**
 * Every Redis key of this service. The service's Redis user may touch {@code projects:*}; the part in braces keeps them in
 * one slot of a Redis Cluster, so that one script may write them together.
 */
final class ProjectKeys {

    /** Scripts that touch the indexes of a project's members make their keys with it, too. */
    static final String PREFIX = "projects:{all}:";

    /** Channel of what changed; the Redis user may use {@code projects-changes}. */
    static final String CHANGES = "projects-changes";

    /** Counter: the number of the latest project. */
    static final String LATEST_NUMBER = PREFIX + "latest-number";

    /** Sorted set: the id of every project by its number. */
    static final String EVERYBODYS = PREFIX + "by-number";

    private ProjectKeys() {}

    /** Hash: one project. */
    static String project(String id) {
        return PREFIX + "project:" + id;
    }

    /** Hash: issuer, subject and name of each member of a project by the person's key. */
    static String members(String id) {
        return PREFIX + "members:" + id;
    }

    /** Sorted set: the ids of one owner's projects by number, without the archived ones. */
    static String ownedBy(Person owner) {
        return PREFIX + "owned-by:" + owner.key();
    }

    /** Sorted set: the ids of the projects that others share with a person by number, without the archived ones. */
    static String sharedWith(Person member) {
        return PREFIX + "shared-with:" + member.key();
    }

    /** Sorted set: the ids of one owner's archived projects by number. */
    static String archivedBy(Person owner) {
        return PREFIX + "archived-by:" + owner.key();
    }

    /** Text with a time to live: some instance makes the digest of that day. */
    static String digestOf(LocalDate day) {
        return PREFIX + "digest:" + day;
    }

    /** Hash with a time to live: somebody who has been here. */
    static String person(Person person) {
        return PREFIX + "person:" + person.key();
    }

    /** Set with a time to live: the keys of the people of that name. */
    static String called(String name) {
        return PREFIX + "called:" + Person.keyOfName(name);
    }
}

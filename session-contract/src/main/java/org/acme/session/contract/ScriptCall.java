package org.acme.session.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One run of a {@link Script}: an atomic step that any Redis client can take. Durations and times go to Redis as
 * milliseconds. No argument may be null.
 *
 * @param script what runs
 * @param keys {@code KEYS}; all of them lie in one slot of a Redis Cluster
 * @param arguments {@code ARGV}
 */
public record ScriptCall(Script script, List<String> keys, List<String> arguments) {

    private static final List<String> LEASES = List.of(Keys.LEASES);
    private static final String ANY = "";

    public ScriptCall {
        keys = List.copyOf(keys);
        arguments = List.copyOf(arguments);
    }

    /** The whole command, for a client that takes words: {@code EVAL}, source, number of keys, keys, arguments. */
    public List<String> eval() {
        return Stream.of(List.of("EVAL", script.source(), Integer.toString(keys.size())), keys, arguments)
                .flatMap(List::stream)
                .toList();
    }

    // --- a session -------------------------------------------------------------------------------------------------

    /**
     * Begins a session. Run {@link #index(SessionRecord)} before it.
     *
     * <p>Reply: 1, or 0 when the id is in use or {@code until} has passed.
     *
     * @param idleTimeout how long the session lives without activity
     * @param secure whether the session cookie is for https only, see {@link SessionCookie#secure()}
     * @param seal seals the tokens
     */
    public static ScriptCall create(SessionRecord session, Duration idleTimeout, boolean secure, TokenSeal seal) {
        List<String> arguments = new ArrayList<>(List.of(
                millis(idleTimeout),
                millis(session.until()),
                ExpressRecord.write(session.identity(), session.until(), secure)));
        addAll(arguments, session.write(seal));
        return new ScriptCall(Script.CREATE, Keys.of(session.id()), arguments);
    }

    /**
     * Gives a session that a guest began its record. Run {@link #index(SessionRecord)} before it.
     *
     * <p>Reply: 1, or 0 when it has a record, {@code json} has changed, or {@code until} has passed.
     *
     * @param json Express' key as it was read, see {@link GuestSession#read}
     * @param idleTimeout how long the session lives without activity
     * @param seal seals the tokens
     */
    public static ScriptCall adopt(SessionRecord session, String json, Duration idleTimeout, TokenSeal seal) {
        List<String> arguments = new ArrayList<>(List.of(json, millis(idleTimeout), millis(session.until())));
        addAll(arguments, session.write(seal));
        return new ScriptCall(Script.ADOPT, Keys.of(session.id()), arguments);
    }

    /**
     * Whether a read counts as activity, which restarts the idle timeout.
     *
     * @param argument the script's form of it
     */
    public record Touch(String argument) {

        /** No activity: work in the background, a second look, a list. */
        public static final Touch NEVER = new Touch("-1");

        /**
         * Activity.
         *
         * @param interval how much of the idle timeout is used up before it is written again; zero for at once
         */
        public static Touch after(Duration interval) {
            return new Touch(millis(interval));
        }

        /** Activity, unless the access token has expired: a request that waits for a new one may come to nothing. */
        public static Touch afterWhileTokenIsValid(Duration interval) {
            return new Touch(millis(interval) + " alive");
        }
    }

    /**
     * Reads a session.
     *
     * <p>Reply: see {@link StoredSession#of}.
     *
     * @param fields of the record, such as {@link SessionRecord#FIELDS}; at least one
     */
    public static ScriptCall read(SessionId id, Duration idleTimeout, Touch touch, List<String> fields) {
        List<String> arguments = new ArrayList<>(List.of(millis(idleTimeout), touch.argument()));
        arguments.addAll(fields);
        return new ScriptCall(Script.READ, Keys.of(id), arguments);
    }

    /**
     * Asks whether a session still is what was read earlier, for a fraction of the cost.
     *
     * <p>Reply: {@code {"same"}}, {@code {"changed"}}, {@code {"ended"}} or {@code {"none"}}.
     *
     * @param tokensRev {@link SessionRecord#TOKENS_REV} as it was read
     * @param expressSha1 {@link Digests#sha1} of Express' JSON as it was read
     */
    public static ScriptCall readUnless(
            SessionId id, Duration idleTimeout, Touch touch, String tokensRev, String expressSha1) {
        return new ScriptCall(
                Script.READ,
                Keys.of(id),
                List.of(millis(idleTimeout), touch.argument(), "unless", tokensRev, expressSha1));
    }

    /**
     * Replaces the tokens of a session, and what they say of its user.
     *
     * <p>Reply: the new revision, 0 when other tokens are there, -1 when the session has ended by {@link #endKeepingRefreshToken}
     * and the provider's is to be ended with the new refresh token, -2 when it has ended alone.
     *
     * @param refreshed with the new tokens, and the revision that they replace
     * @param seal seals the tokens
     */
    public static ScriptCall writeTokens(SessionRecord refreshed, TokenSeal seal) {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(refreshed.tokensRev())));
        addAll(arguments, refreshed.writeRefreshed(seal));
        return new ScriptCall(Script.WRITE_TOKENS, List.of(Keys.record(refreshed.id())), arguments);
    }

    /**
     * Replaces Express' JSON.
     *
     * <p>Reply: 1, 0 when somebody else wrote meanwhile, -1 when the session has ended.
     *
     * @param before as it was read
     * @param after see {@link ExpressRecord#saying}
     */
    public static ScriptCall writeUser(SessionId id, String before, String after) {
        return new ScriptCall(Script.WRITE_USER, Keys.of(id), List.of(before, after));
    }

    /**
     * Replaces the attributes of one service, see {@link Attributes}.
     *
     * <p>Reply: 1, 0 when somebody else wrote meanwhile, -1 when the session has ended.
     *
     * @param field see {@link Attributes#field}
     * @param before the field as it was read; empty when there was none
     * @param after empty to remove the field
     */
    public static ScriptCall writeAttributes(SessionId id, String field, String before, String after) {
        return new ScriptCall(Script.WRITE_ATTRIBUTES, Keys.of(id), List.of(field, before, after));
    }

    // --- its end ---------------------------------------------------------------------------------------------------

    /**
     * Ends a session.
     *
     * <p>Reply: see {@link EndResult#of}.
     *
     * @param reason such as {@value SessionRecord#SIGNED_OFF}
     * @param actor who ended it: {@code user}, {@code administrator}, {@code provider} or {@code system}
     */
    public static ScriptCall end(SessionId id, String reason, String actor) {
        return end(id, reason, actor, ANY, "");
    }

    /**
     * Ends a session and keeps its sealed refresh token until {@link #providerEnded}: another sign-off can end the provider's
     * session when this one cannot.
     */
    public static ScriptCall endKeepingRefreshToken(SessionId id, String reason, String actor) {
        return end(id, reason, actor, ANY, "1");
    }

    /** Ends a session, unless its tokens have been refreshed since that revision. */
    public static ScriptCall endUnlessRefreshed(SessionId id, String reason, String actor, long tokensRev) {
        return end(id, reason, actor, Long.toString(tokensRev), "");
    }

    private static ScriptCall end(SessionId id, String reason, String actor, String tokensRev, String keepRefresh) {
        return new ScriptCall(Script.END, Keys.of(id), List.of(reason, actor, tokensRev, keepRefresh));
    }

    /** Drops the refresh token that {@link #endKeepingRefreshToken} kept: the provider's session has ended too. */
    public static ScriptCall providerEnded(SessionId id) {
        return new ScriptCall(Script.PROVIDER_ENDED, List.of(Keys.record(id)), List.of());
    }

    /**
     * Notes that what a key names ends now. A later mark stays.
     *
     * @param key {@link Keys#endedProviderSession} or {@link Keys#endedUser}
     * @param maxTokenLifetime how long an access token of it can be valid at most
     */
    public static ScriptCall markEnded(String key, Duration maxTokenLifetime) {
        return new ScriptCall(Script.MARK_ENDED, List.of(key), List.of(millis(maxTokenLifetime), ""));
    }

    /** The same with the time at which it ended. */
    public static ScriptCall markEnded(String key, Duration maxTokenLifetime, Instant at) {
        return new ScriptCall(Script.MARK_ENDED, List.of(key), List.of(millis(maxTokenLifetime), millis(at)));
    }

    /**
     * Moves a mark back: what the provider issues from then on counts.
     *
     * <p>Reply: 1, or 0 when another mark is there by now.
     *
     * @param key {@link Keys#endedProviderSession}
     * @param mark its value as it was read
     * @param earlier the time to move it to
     */
    public static ScriptCall endsBefore(String key, String mark, Instant earlier) {
        return new ScriptCall(Script.ENDS_BEFORE, List.of(key), List.of(mark, millis(earlier)));
    }

    // --- indexes ---------------------------------------------------------------------------------------------------

    /** Enters a session where it is looked for: by its user, among all users, and by its provider session if it has one. */
    public static List<ScriptCall> index(SessionRecord session) {
        Identity identity = session.identity();
        String id = session.id().value();
        List<ScriptCall> calls = new ArrayList<>();
        calls.add(index(Keys.userIndex(identity.userHash()), id, session.until()));
        calls.add(index(Keys.USERS, UserEntry.of(identity).member(), session.until()));
        identity.providerSessionHash()
                .ifPresent(hash -> calls.add(index(Keys.providerSessionIndex(hash), id, session.until())));
        return calls;
    }

    /** @param until when the member may leave the index; a later time that is there already stays */
    public static ScriptCall index(String key, String member, Instant until) {
        return new ScriptCall(Script.INDEX, List.of(key), List.of(member, millis(until)));
    }

    // --- the refresh lock ------------------------------------------------------------------------------------------

    /** Reply: 1, or 0 when somebody else holds the lock. @param holder a name that nobody else uses */
    public static ScriptCall extendLock(SessionId id, String holder, Duration length) {
        return new ScriptCall(Script.LOCK_EXTEND, List.of(Keys.refreshLock(id)), List.of(holder, millis(length)));
    }

    /** Releases the lock, unless somebody else holds it. */
    public static ScriptCall releaseLock(SessionId id, String holder) {
        return new ScriptCall(Script.LOCK_RELEASE, List.of(Keys.refreshLock(id)), List.of(holder));
    }

    // --- leases ----------------------------------------------------------------------------------------------------

    /**
     * Gives an instance a lease, or extends it.
     *
     * <p>Reply: 1, or 0 when it believed to hold one and does not, or when one that was taken from it has not run out.
     *
     * @param instance a name that is new at each start
     * @param holding whether the instance believes that it holds a lease
     */
    public static ScriptCall renewLease(String instance, Duration length, boolean holding) {
        return new ScriptCall(Script.LEASE_RENEW, LEASES, List.of(instance, millis(length), holding ? "1" : "0"));
    }

    /** Reply: the names of the instances that may trust their memory now. */
    public static ScriptCall leaseHolders() {
        return new ScriptCall(Script.LEASE_HOLDERS, LEASES, List.of());
    }

    /** Keeps instances from renewing their leases. Reply: milliseconds until the last of them has run out. */
    public static ScriptCall revokeLeases(Collection<String> instances) {
        return new ScriptCall(Script.LEASE_REVOKE, LEASES, List.copyOf(instances));
    }

    private static void addAll(List<String> arguments, Map<String, String> fields) {
        fields.forEach((name, value) -> {
            arguments.add(name);
            arguments.add(value);
        });
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static String millis(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }
}

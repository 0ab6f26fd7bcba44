package org.acme.session.internal.store;

import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Set;

/** What a failure of the client, or an error that Redis replies with, says. */
final class RedisFailures {

    /**
     * The first word of what a Redis replies that is no master, has lost its replicas ({@code min-replicas-to-write}), or has no
     * data yet. It has done nothing of what it was asked.
     */
    private static final Set<String> NOT_THE_MASTER = Set.of("READONLY", "MASTERDOWN", "NOREPLICAS", "LOADING");

    private RedisFailures() {}

    /**
     * What Redis replied. A batch numbers the errors of its commands ({@code ERR [0] READONLY …}); the first is the one that
     * counts.
     */
    private static String words(Throwable failure) {
        String message = failure instanceof ErrorType ? String.valueOf(failure.getMessage()) : "";
        return message.startsWith("ERR [0] ") ? message.substring("ERR [0] ".length()) : message;
    }

    private static boolean says(Throwable failure, String word) {
        return words(failure).startsWith(word);
    }

    /** Another Redis may be the master by now: old connections may lead to one that no longer is. */
    static boolean isNotTheMaster(Throwable failure) {
        return NOT_THE_MASTER.stream().anyMatch(word -> says(failure, word));
    }

    /** The slot of the keys belongs to another node of the cluster. */
    static boolean isElsewhere(Throwable failure) {
        return says(failure, "MOVED") || says(failure, "ASK");
    }

    static boolean isUnknownScript(Throwable failure) {
        return says(failure, "NOSCRIPT");
    }

    /**
     * Closed or reset while an answer was awaited, or before the pool had noticed. Who cannot connect at all has no
     * connection that could be dead. Redis itself says nothing of that kind.
     */
    static boolean isDeadConnection(Throwable failure) {
        return says(failure, "CONNECTION_CLOSED")
                || failure instanceof IOException && !isNotConnected(failure)
                || "Connection is closed".equals(failure.getMessage());
    }

    private static boolean isNotConnected(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException;
    }

    /**
     * A key of the wrong type, or a field that a script stumbles over, is damage to one session and no outage. What Redis
     * refuses to do (full, read-only, busy) names the script too, but begins with its own word.
     */
    static boolean isAboutTheData(Throwable failure) {
        String words = words(failure).replaceFirst("^ERR ", "");
        return words.startsWith("WRONGTYPE")
                || words.startsWith("user_script")
                || words.startsWith("hash value is not an integer");
    }
}

package org.acme.logout;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Takes what the Kafka connector logs about this module's two channels out of the log: while a broker is unavailable, two errors with
 * stack traces for each heartbeat. The log is also the only place where the connector tells why reading fails, so the cause
 * goes to {@link TransportHealth}, which logs it once. Other channels are not touched.
 */
final class ConnectorLog implements Filter {

    /** A constant, because a logger that nobody holds may be collected together with its filter. */
    private static final Logger LOGGER = Logger.getLogger("io.smallrye.reactive.messaging.kafka");

    private final Set<String> ours;
    private final Consumer<Throwable> trouble;
    private final Filter others;

    private ConnectorLog(Set<String> ours, Consumer<Throwable> trouble, Filter others) {
        this.ours = ours;
        this.trouble = trouble;
        this.others = others;
    }

    static void redirect(String topic, Consumer<Throwable> trouble) {
        Set<String> ours = Set.copyOf(List.of(KafkaChannel.INCOMING, KafkaChannel.OUTGOING, topic));
        LOGGER.setFilter(new ConnectorLog(ours, trouble, LOGGER.getFilter()));
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        if (!isOurs(line)) {
            return others == null || others.isLoggable(line);
        }
        if (line.getThrown() != null) {
            trouble.accept(line.getThrown());
        }
        return false;
    }

    private boolean isOurs(LogRecord line) {
        return line.getParameters() != null
                && Arrays.stream(line.getParameters()).anyMatch(this::isOurs);
    }

    /** The connector names a channel, or the set of its topics. */
    private boolean isOurs(Object parameter) {
        return parameter instanceof Collection<?> topics
                ? topics.stream().anyMatch(ours::contains)
                : ours.contains(parameter);
    }
}

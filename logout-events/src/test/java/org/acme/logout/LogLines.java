package org.acme.logout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this module, the Kafka clients and their connector write to the log while it is open. */
final class LogLines implements AutoCloseable {

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final List<Logger> loggers = List.of(
            Logger.getLogger("org.acme.logout"),
            Logger.getLogger("org.apache.kafka"),
            Logger.getLogger("io.smallrye.reactive.messaging"));

    LogLines() {
        loggers.forEach(logger -> logger.addHandler(handler));
    }

    /** Of everything but {@link #lostEvents()}. */
    List<Level> levels() {
        return records.stream()
                .filter(line -> !isOfLostEvent(line))
                .map(LogRecord::getLevel)
                .toList();
    }

    /** How many lines say that an event was not sent. */
    long lostEvents() {
        return records.stream().filter(LogLines::isOfLostEvent).count();
    }

    private static boolean isOfLostEvent(LogRecord line) {
        return EventTransport.class.getName().equals(line.getLoggerName());
    }

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(handler));
    }
}

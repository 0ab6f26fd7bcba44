package org.acme.logout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this module and the Kafka clients write to the log while it is open. */
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
    private final List<Logger> loggers =
            List.of(Logger.getLogger("org.acme.logout"), Logger.getLogger("org.apache.kafka"));

    LogLines() {
        loggers.forEach(logger -> logger.addHandler(handler));
    }

    /** Of everything but {@link #lostNews()}. */
    List<Level> levels() {
        return records.stream()
                .filter(line -> !isOfLostNews(line))
                .map(LogRecord::getLevel)
                .toList();
    }

    /** How many lines say that an announcement did not go out. */
    long lostNews() {
        return records.stream().filter(LogLines::isOfLostNews).count();
    }

    private static boolean isOfLostNews(LogRecord line) {
        return NewsTransport.class.getName().equals(line.getLoggerName());
    }

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(handler));
    }
}

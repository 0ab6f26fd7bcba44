package org.acme.session.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged while this is open: by a class, or by all. */
public final class LogLines extends Handler implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Formatter format = new SimpleFormatter();
    private final Logger logger;

    public LogLines(Class<?> source) {
        this(source.getName());
    }

    public static LogLines ofAll() {
        return new LogLines("");
    }

    private LogLines(String category) {
        logger = Logger.getLogger(category);
        setLevel(Level.ALL);
        logger.addHandler(this);
    }

    /** The lines so far, with the stack traces that a log file would hold. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord entry) {
        String message = format.formatMessage(entry);
        lines.add(entry.getThrown() == null ? message : message + " " + entry.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}

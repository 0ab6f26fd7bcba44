package org.acme.session.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What is written to the audit log while this is open. */
public final class AuditLines extends Handler implements AutoCloseable {

    private record Line(String text, Map<String, String> fields) {}

    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("org.acme.session.audit");

    public AuditLines() {
        logger.addHandler(this);
    }

    /** The lines as a file would hold them. */
    public List<String> lines() {
        return lines.stream().map(line -> line.text() + " " + line.fields()).toList();
    }

    /** The fields of the lines about that kind of event. */
    public List<Map<String, String>> of(String event) {
        return lines.stream()
                .map(Line::fields)
                .filter(fields -> event.equals(fields.get("event")))
                .toList();
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(new Line(entry.getMessage(), Map.copyOf(((ExtLogRecord) entry).getMdcCopy())));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}

package org.acme.session.journal;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;

/**
 * Who did what to which session, in the log category {@code org.acme.session.audit}: one line of {@code name=value} for
 * people, the same as fields of their own where the log is JSON. The request's id is beside them, as in every line.
 *
 * <p>A session is named by its fingerprint, a user by a hash: enough to find what one of them did, and nothing to sign in
 * with or to know a person by. Every value is a word of ours or a hash, so no line can be forged from outside.
 */
@Singleton
final class AuditLog {

    static final String CATEGORY = "org.acme.session.audit";

    private static final Logger LOG = Logger.getLogger(CATEGORY);

    /** @param fields without those that nothing is known of */
    void write(String event, Map<String, String> fields) {
        Map<String, String> sorted = new TreeMap<>(fields);
        StringBuilder text = new StringBuilder(event);
        sorted.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        ExtLogRecord line = new ExtLogRecord(Level.INFO, text.toString(), ExtLogRecord.FormatStyle.NO_FORMAT, CATEGORY);
        line.setLoggerName(CATEGORY);
        line.putMdc("event", event);
        sorted.forEach(line::putMdc);
        LOG.logRaw(line);
    }
}

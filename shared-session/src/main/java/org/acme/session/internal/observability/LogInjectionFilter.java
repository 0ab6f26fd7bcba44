package org.acme.session.internal.observability;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Keeps every message on one line, whoever logs it: what a client sent and somebody quotes cannot look like a line of its
 * own. Stack traces stay as they are.
 */
@LoggingFilter(name = "log-injection")
final class LogInjectionFilter implements Filter {

    private static final ExtFormatter WORDS = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord line) {
        if (line instanceof ExtLogRecord entry) {
            String message = WORDS.formatMessage(entry);
            if (message != null && needsEscaping(message)) {
                entry.setMessage(escaped(message), ExtLogRecord.FormatStyle.NO_FORMAT);
            }
        }
        return true;
    }

    private static boolean needsEscaping(String message) {
        return message.chars().anyMatch(LogInjectionFilter::isControl);
    }

    private static String escaped(String message) {
        StringBuilder line = new StringBuilder(message.length() + 16);
        message.chars().forEach(c -> {
            if (isControl(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    /** Line ends in any disguise, and what moves a terminal's cursor; a tab is harmless. */
    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\t' || c == 0x2028 || c == 0x2029;
    }
}

package org.acme.session.internal.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogInjectionFilterTest {

    private static String logged(String format, Object... parameters) {
        ExtLogRecord line = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        line.setParameters(parameters);
        assertTrue(new LogInjectionFilter().isLoggable(line), "nothing is dropped");
        return new org.jboss.logmanager.formatters.PatternFormatter("%s").format(line);
    }

    @Test
    @DisplayName("L11: whatever a client sent, its log line is one line")
    void noMessageMakesALineOfItsOwn() {
        assertEquals(
                "said: x\\u000d\\u000a2026-01-01 INFO session-ended\\u2028\\u001b[2J\ty",
                logged("said: %s", "x\r\n2026-01-01 INFO session-ended\u2028\u001b[2J\ty"));
    }

    @Test
    void whatIsHarmlessStaysAsItIs() {
        assertEquals("50 % of żółw 🐢", logged("%s", "50 % of żółw 🐢"));
    }
}

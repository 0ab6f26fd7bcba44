package org.acme.logout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import java.io.IOException;
import java.util.Optional;
import org.acme.logout.SessionEvent.Ended;

/** An event: it is one of ours or not understood; what it is made of is safe to print, and is what we would write. */
public final class EventFuzz {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EventFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException, MalformedEventException {
        Optional<SessionEvent> read = read(input);
        if (read.isEmpty()) {
            return;
        }
        SessionEvent decoded = read.get();
        assertEquals(decoded, EventFormat.read(EventFormat.write(decoded)));
        assertTrue(decoded.instance().matches("[A-Za-z0-9._:-]{1,128}"));
        if (decoded instanceof Ended ended) {
            assertTrue(ended.session().matches("[0-9a-f]{64}"));
            assertTrue(ended.providerSession().orElse("0".repeat(64)).matches("[0-9a-f]{64}"));
            assertTrue(ended.traceparent().stream().allMatch(EventFuzz::namesATraceAndASpan));
            assertTrue((ended.id() + ended.reason() + ended.actor()).matches("[A-Za-z0-9._:-]+"));
        }
        ObjectNode event = (ObjectNode) JSON.readTree(input);
        event.put("of-a-later-version", true);
        if (event.path("data") instanceof ObjectNode data) {
            data.put("unknown", 1);
        }
        byte[] newer = JSON.writeValueAsBytes(event);
        if (newer.length <= EventFormat.MAX_BYTES) {
            assertEquals(read, read(newer), "an unknown field makes a difference");
        }
    }

    private static boolean namesATraceAndASpan(String traceparent) {
        return traceparent.length() == 55
                && TraceId.isValid(traceparent.substring(3, 35))
                && SpanId.isValid(traceparent.substring(36, 52));
    }

    private static Optional<SessionEvent> read(byte[] input) {
        try {
            return Optional.of(EventFormat.read(input));
        } catch (MalformedEventException e) {
            return Optional.empty();
        }
    }
}

package org.acme.session.internal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.internal.live.Moment.Step;
import org.acme.session.spi.FleetNotice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final String SESSION = "5e".repeat(32);

    private long nanos;
    private final Timeline timeline = new Timeline(
            Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC), () -> nanos, session -> session.substring(0, 2));

    private void pass(long millis) {
        nanos += millis * 1_000_000;
    }

    private static FleetNotice notice(String instance, String kind, String... details) {
        Map<String, String> all = new java.util.LinkedHashMap<>(Map.of("session", SESSION, "number", "7"));
        for (int i = 0; i < details.length; i += 2) {
            all.put(details[i], details[i + 1]);
        }
        return new FleetNotice(instance, kind, all);
    }

    @Test
    @DisplayName("a session has a name of its own in the time line, and its hash appears nowhere")
    void theHashDoesNotAppear() {
        Moment moment = timeline.heard(notice("a", "signed-in")).orElseThrow();

        assertEquals(Moment.of("a.7", 1_000, "signed-in", "5e", "a"), moment);
        assertFalse(moment.json().contains(SESSION));
        assertTrue(moment.json().contains("\"session\":\"5e\""));
    }

    @Test
    @DisplayName("an instance that knows a session already is not shown again, until the session has ended")
    void knownOnce() {
        assertTrue(timeline.heard(notice("a", "known")).isPresent());
        assertFalse(timeline.heard(notice("a", "known")).isPresent());
        assertTrue(timeline.heard(notice("b", "known")).isPresent());

        timeline.ended("e", "a", SESSION, "signed-off");

        assertTrue(timeline.heard(notice("a", "known")).isPresent());
    }

    @Test
    @DisplayName("acknowledgements are timed here until the ender says how long each step took")
    void aSignOff() {
        assertEquals(
                List.of(),
                timeline.ended("e", "a", SESSION, "signed-off").orElseThrow().steps());
        pass(3);
        Moment heardHere = timeline.forgotten("e", "b").orElseThrow();
        assertEquals(List.of(new Step("forgotten", "b", 3)), heardHere.steps());
        assertFalse(heardHere.measured() || heardHere.answered());

        Moment told = timeline.heard(
                        notice("a", "signed-off", "answered", "34", "redis", "2", "ack.b", "5", "provider", "31"))
                .orElseThrow();

        assertEquals("e", told.id());
        assertEquals(
                List.of(
                        new Step("redis", "", 2),
                        new Step("forgotten", "b", 5),
                        new Step("provider", "", 31),
                        new Step("answered", "", 34)),
                told.steps());
        assertTrue(told.measured() && told.answered());
        assertEquals(Optional.empty(), timeline.forgotten("e", "late"));
        assertEquals(1, timeline.moments().size());
    }

    @Test
    @DisplayName("a sign-off that the provider repeats by back-channel logout is one end, whichever is heard first")
    void toldTwice() {
        timeline.ended("e", "a", SESSION, "signed-off");
        assertFalse(timeline.ended("f", "b", SESSION, "provider-logout").isPresent());
        assertFalse(timeline.forgotten("f", "c").isPresent());
        assertEquals(1, timeline.moments().size());

        String another = "6f".repeat(32);
        timeline.ended("g", "b", another, "provider-logout");
        timeline.forgotten("g", "c");
        Moment now = timeline.ended("h", "a", another, "signed-off").orElseThrow();
        assertEquals("g", now.id());
        assertEquals("a", now.instance());
        assertEquals(List.of(), now.steps());
        assertFalse(timeline.forgotten("g", "d").isPresent());
        assertTrue(timeline.forgotten("h", "d").isPresent());
        assertEquals(2, timeline.moments().size());
    }

    @Test
    @DisplayName("the ender counts acknowledgements from when it was asked")
    void countedFromTheQuestion() {
        long asked = nanos;
        pass(2);
        timeline.ended("e", "a", SESSION, "signed-off");
        pass(4);
        timeline.forgotten("e", "b");

        assertEquals(Map.of("b", 6L), timeline.acknowledged(SESSION, asked));
        assertEquals(Map.of(), timeline.acknowledged("another", asked));
    }

    @Test
    @DisplayName("without a transport, what an instance says of its own sign-off is all there is")
    void withoutAnAnnouncement() {
        Moment told = timeline.heard(notice("a", "signed-off", "answered", "12", "reason", "signed-off"))
                .orElseThrow();

        assertEquals("a.7", told.id());
        assertEquals("signed-off", told.reason());
    }

    @Test
    @DisplayName("S1: whoever floods the transport fills neither memory nor screen")
    void bounded() {
        int shown = 0;
        for (int i = 0; i < 10_000; i++) {
            shown += timeline.ended("e" + i, "a", "session-" + i, "x").isPresent() ? 1 : 0;
            timeline.heard(notice("instance-" + i, "known"));
        }
        assertTrue(shown <= 25, "in one moment, " + shown);
        for (int second = 0; second < 10; second++) {
            pass(1_000);
            for (int i = 0; i < 100; i++) {
                timeline.ended("f" + second + '-' + i, "a", "session-" + second + '-' + i, "x");
            }
        }
        assertEquals(Timeline.MOST_MOMENTS, timeline.moments().size());
        String last =
                timeline.moments().stream().reduce((a, b) -> b).orElseThrow().id();
        for (int i = 0; i < 1_000; i++) {
            timeline.forgotten(last, "i" + i);
        }
        assertEquals(
                Timeline.MOST_STEPS,
                timeline.moments().stream()
                        .filter(moment -> moment.id().equals(last))
                        .findFirst()
                        .orElseThrow()
                        .steps()
                        .size());
    }

    @Test
    @DisplayName("S1: numbers that are none count as 0")
    void forgedNumbers() {
        Moment told = timeline.heard(notice("a", "signed-off", "answered", "soon", "redis", "-5"))
                .orElseThrow();

        assertEquals(List.of(new Step("redis", "", 0), new Step("answered", "", 0)), told.steps());
    }
}

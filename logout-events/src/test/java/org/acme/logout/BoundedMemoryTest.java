package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.acme.session.log.RateLimitedLog;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** Nothing in here grows with what others send, or with how long Kafka is unavailable. */
class BoundedMemoryTest {

    @Test
    void aHeartbeatComesBackOnceAndTakesTheOlderOnesWithIt() {
        Heartbeats heartbeats = new Heartbeats();
        long first = heartbeats.sentAt(100);
        long second = heartbeats.sentAt(200);
        long third = heartbeats.sentAt(300);

        assertThat(heartbeats.returned(second)).hasValue(200);
        assertThat(heartbeats.returned(second)).isEmpty();
        assertThat(heartbeats.returned(first)).isEmpty();
        assertThat(heartbeats.returned(third)).hasValue(300);
    }

    @Test
    void aHeartbeatThatWasNeverSentIsNotBelieved() {
        Heartbeats heartbeats = new Heartbeats();
        long sent = heartbeats.sentAt(100);

        assertThat(heartbeats.returned(sent + 1)).isEmpty();
        assertThat(heartbeats.returned(sent)).hasValue(100);
    }

    @Test
    void heartbeatsThatDoNotComeBackAreForgotten() {
        Heartbeats heartbeats = new Heartbeats();
        long first = heartbeats.sentAt(0);
        IntStream.range(0, Heartbeats.MAX_OUTSTANDING).forEach(heartbeats::sentAt);

        assertThat(heartbeats.returned(first)).isEmpty();
        assertThat(heartbeats.returned(first + 1)).hasValue(0);
    }

    @Test
    void moreAcknowledgementsThanTheBoundAreNotAwaited() {
        PendingAcks pendingAcks = new PendingAcks();
        List<PendingAck> open = IntStream.range(0, PendingAcks.MAX_WAITING)
                .mapToObj(number -> pendingAcks.open(Set.of("another")).orElseThrow())
                .toList();

        assertThat(pendingAcks.open(Set.of("another"))).isEmpty();
        pendingAcks.close(open.get(0));
        assertThat(pendingAcks.open(Set.of("another"))).isPresent();
    }

    @Test
    void acknowledgementsOfInstancesThatAreNotAwaitedAreNotKept() {
        PendingAck pending = new PendingAck("event", Set.of("one", "two"));

        pending.acknowledgedBy("one");
        pending.acknowledgedBy("one");
        pending.acknowledgedBy("invented");

        assertThat(pending.result().toCompletableFuture()).isNotDone();
        pending.acknowledgedBy("two");
        assertThat(pending.result().toCompletableFuture())
                .isCompletedWithValueMatching(acks -> acks.instances().equals(Set.of("one", "two")));
    }

    @Test
    void aWarningThatOthersCanProvokeIsGivenOnceInTenSecondsWithACount() {
        AtomicLong clock = new AtomicLong();
        List<String> lines = new CopyOnWriteArrayList<>();
        String name = "test.rare-warning";
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(String.format(line.getMessage(), line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        java.util.logging.Logger.getLogger(name).addHandler(handler);
        RateLimitedLog warning = new RateLimitedLog(Logger.getLogger(name), clock::get);

        IntStream.range(0, 1000).forEach(again -> warning.warn("Garbage (%s)", "not JSON"));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        warning.warn("Garbage (%s)", "not JSON");

        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains("999 more");
    }
}

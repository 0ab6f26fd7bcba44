package org.acme.session.internal.live;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.acme.session.FleetView;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.FleetNotice;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SignOffTransport;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the other instances are told of those who watch here. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(WatchingTest.WithRecordedTransport.class)
class WatchingTest {

    public static final class WithRecordedTransport implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(RecordedTransport.class);
        }
    }

    @Singleton
    @Alternative
    static class RecordedTransport implements SignOffTransport {

        private final Queue<String> kinds = new ConcurrentLinkedQueue<>();

        @Override
        public Uni<Acknowledgements> announce(SessionEnded ended) {
            return Uni.createFrom().item(Acknowledgements.NONE);
        }

        @Override
        public void publish(FleetNotice notice) {
            kinds.add(notice.kind());
        }
    }

    @Inject
    FleetView view;

    @Inject
    RecordedTransport transport;

    @Test
    @DisplayName("E8: who opens the live view a thousand times sends the fleet no thousand messages")
    void opensAndCloses() {
        long begun = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            view.updates().subscribe().with(update -> {}).cancel();
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds() + 1;

        long told = transport.kinds.stream().filter("watch"::equals).count();
        assertTrue(told >= 1, "somebody watches, and nobody is told");
        assertTrue(told <= 2 * (seconds + 1), told + " messages in " + seconds + " s");
    }
}

package org.acme.logout;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.acme.logout.SessionEvent.Ended;
import org.acme.logout.SessionEvent.Forgotten;
import org.acme.logout.SessionEvent.Heartbeat;
import org.acme.logout.SessionEvent.Notice;
import org.acme.session.log.RateLimitedLog;
import org.acme.session.spi.FleetObserver;
import org.acme.session.spi.InstanceCache;
import org.jboss.logging.Logger;

/**
 * Handles a session event that was received. It never throws: an event must not be able to stop the instances that
 * listen, for anybody with the right to write to the topic could send it.
 */
final class EventHandler {

    private static final Logger LOG = Logger.getLogger(EventHandler.class);

    private final String instance;
    private final InstanceCache cache;
    private final PendingAcks pendingAcks;
    private final Heartbeats heartbeats;
    private final TransportHealth health;
    private final Consumer<SessionEvent> publisher;
    private final LongSupplier nanoTime;
    private final EventMetrics metrics;
    private final EventTracing tracing;
    private final RateLimitedLog warning;
    private final AckMac mac;
    private final FleetObserver observer;

    EventHandler(
            InstanceCache cache,
            PendingAcks pendingAcks,
            Heartbeats heartbeats,
            TransportHealth health,
            Consumer<SessionEvent> publisher,
            LongSupplier nanoTime,
            EventMetrics metrics,
            EventTracing tracing,
            FleetObserver observer) {
        this.instance = cache.instance();
        this.cache = cache;
        this.pendingAcks = pendingAcks;
        this.heartbeats = heartbeats;
        this.health = health;
        this.publisher = publisher;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
        this.tracing = tracing;
        this.warning = new RateLimitedLog(LOG, nanoTime);
        this.mac = new AckMac(cache.ackKey());
        this.observer = observer;
    }

    void accept(byte[] bytes) {
        try {
            SessionEvent event = EventFormat.read(bytes);
            metrics.received(event);
            if (event instanceof Heartbeat heartbeat) {
                heard(heartbeat);
            } else if (event instanceof Ended ended) {
                invalidate(ended);
            } else if (event instanceof Forgotten forgotten) {
                acknowledged(forgotten);
            } else if (event instanceof Notice notice) {
                observer.heard(notice.told());
            }
        } catch (MalformedEventException e) {
            metrics.ignored();
            warning.warn("An event on the topic was ignored (%s)", e.getMessage());
        } catch (RuntimeException e) {
            metrics.ignored();
            warning.warn("An event on the topic could not be handled, and is not acknowledged (%s)", e);
        }
    }

    private void heard(Heartbeat heartbeat) {
        observer.alive(heartbeat.instance());
        if (heartbeat.instance().equals(instance)) {
            heartbeats.returned(heartbeat.sequence()).ifPresent(sentAt -> {
                cache.heartbeatReturned(sentAt);
                long now = nanoTime.getAsLong();
                metrics.heartbeatReturned(now - sentAt);
                health.heard(now);
            });
        }
    }

    /** Acknowledges only after {@code invalidate} has returned. The sender itself has counted already. */
    private void invalidate(Ended ended) {
        tracing.process(ended, () -> cache.invalidate(ended.session(), ended.providerSession()));
        if (!ended.instance().equals(instance)) {
            publisher.accept(new Forgotten(instance, ended.id(), mac.of(instance, ended.id())));
        }
        observer.ended(ended.id(), ended.instance(), ended.session(), ended.reason());
    }

    private void acknowledged(Forgotten ack) {
        if (mac.verifies(ack)) {
            // First: what the sign-off then tells of itself has all acknowledgements in it.
            observer.forgotten(ack.event(), ack.instance());
            pendingAcks.acknowledged(ack.event(), ack.instance());
        } else {
            warning.warn("An acknowledgement was ignored (it is not from an instance with our encryption key)");
        }
    }
}

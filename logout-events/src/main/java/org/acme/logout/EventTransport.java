package org.acme.logout;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.acme.logout.EventsConfig.Transport;
import org.acme.logout.SessionEvent.Ended;
import org.acme.logout.SessionEvent.Notice;
import org.acme.session.log.RateLimitedLog;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.FleetNotice;
import org.acme.session.spi.FleetObserver;
import org.acme.session.spi.InstanceCache;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SignOffTransport;

/**
 * Session events over Kafka, or over Redis pub/sub. Without its broker it completes at once without acknowledgements; the
 * sign-off then waits for the leases, and nothing else changes.
 */
@ApplicationScoped
class EventTransport implements SignOffTransport {

    private final String title;
    private final InstanceCache cache;
    private final PendingAcks pendingAcks = new PendingAcks();
    private final EventLoop events;
    private final EventTracing tracing;
    private final RateLimitedLog warning = new RateLimitedLog(EventTransport.class);

    @Inject
    EventTransport(
            EventsConfig config,
            KafkaChannels kafka,
            Instance<Redis> redis,
            InstanceCache cache,
            EventMetrics metrics,
            EventTracing tracing,
            Instance<FleetObserver> observers) {
        this(
                config,
                channels(config, kafka, redis),
                cache,
                metrics,
                tracing,
                observers.isResolvable() ? observers.get() : FleetObserver.NONE);
        if (config.transport() == Transport.KAFKA) {
            ConnectorLog.redirect(config.topic(), this::trouble);
        }
    }

    EventTransport(
            EventsConfig config,
            Supplier<EventChannel> channels,
            InstanceCache cache,
            EventMetrics metrics,
            EventTracing tracing,
            FleetObserver observer) {
        this.title = config.transport() == Transport.KAFKA ? "Kafka" : "Redis pub/sub";
        this.cache = cache;
        this.tracing = tracing;
        this.events = new EventLoop(config, channels, where(config), cache, pendingAcks, metrics, tracing, observer);
    }

    private static String where(EventsConfig config) {
        return (config.transport() == Transport.KAFKA ? "Kafka topic " : "Redis channel ") + config.topic();
    }

    private static Supplier<EventChannel> channels(EventsConfig config, KafkaChannels kafka, Instance<Redis> redis) {
        return switch (config.transport()) {
            case KAFKA -> kafka::open;
            case REDIS -> () -> new RedisChannel(config.topic(), redis.get());
        };
    }

    void start(@Observes StartupEvent event) {
        events.start();
    }

    /** Nothing is thrown: whoever else has something to do at the end comes after us. */
    void stop(@Observes ShutdownEvent event) {
        pendingAcks.completeAll();
        try {
            events.stop();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            warning.warn("The connection for session events was not closed (%s)", trouble.toString());
        }
    }

    void trouble(Throwable what) {
        events.trouble(what);
    }

    @Override
    public boolean joined() {
        return events.joined();
    }

    @Override
    public void publish(FleetNotice notice) {
        events.publish(new Notice(notice), failure -> {});
    }

    @Override
    public String title() {
        return title;
    }

    boolean running() {
        return events.running();
    }

    @Override
    public Uni<Acknowledgements> announce(SessionEnded ended) {
        return Uni.createFrom()
                .deferred(() -> tell(ended).emitOn(caller()))
                .onFailure()
                .recoverWithItem(Acknowledgements.NONE);
    }

    /** This instance needs no broker to forget: it does so first and counts itself. */
    private Uni<Acknowledgements> tell(SessionEnded ended) {
        cache.invalidate(ended.session(), ended.providerSession());
        Duration ackTimeout = ended.ackTimeout();
        Optional<PendingAck> open = ackTimeout.isNegative() || ackTimeout.isZero() || !events.joined()
                ? Optional.empty()
                : pendingAcks.open(ended.awaited());
        if (open.isEmpty()) {
            // No acknowledgement would arrive in time, but other instances may still receive the event.
            events.publish(event(UUID.randomUUID().toString(), ended), this::lost);
            return Uni.createFrom().item(Acknowledgements.NONE);
        }
        PendingAck pending = open.get();
        pending.acknowledgedBy(cache.instance());
        events.publish(event(pending.id(), ended), failure -> {
            lost(failure);
            pending.complete();
        });
        return Uni.createFrom()
                .completionStage(pending.result())
                .ifNoItem()
                .after(ackTimeout)
                .recoverWithItem(pending::received)
                .onTermination()
                .invoke(() -> pendingAcks.close(pending));
    }

    /** Whoever did not hear it is waited for all the same; only open streams are slower to close. */
    private void lost(Throwable why) {
        warning.warn("The event of an ended session was not sent (%s)", why);
    }

    private Ended event(String id, SessionEnded ended) {
        return new Ended(
                id,
                cache.instance(),
                ended.session(),
                ended.providerSession(),
                ended.reason().text(),
                ended.actor().text(),
                tracing.current());
    }

    /** The answer continues where the question was asked, never on the thread that listens. */
    private static Executor caller() {
        Context context = Vertx.currentContext();
        return context == null
                ? Infrastructure.getDefaultExecutor()
                : task -> context.runOnContext(ignored -> task.run());
    }
}

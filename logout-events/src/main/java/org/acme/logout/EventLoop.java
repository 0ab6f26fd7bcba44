package org.acme.logout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.acme.logout.SessionEvent.Heartbeat;
import org.acme.session.spi.FleetObserver;
import org.acme.session.spi.InstanceCache;
import org.jboss.logging.Logger;

/**
 * The one thread that listens, follows what it hears and sends the heartbeats. Because it is one, heartbeats
 * stop when following stops: an instance that is stuck cannot look healthy to itself.
 *
 * <p>Whatever goes wrong, the channel is opened anew a second later.
 */
final class EventLoop implements Runnable {

    private static final Logger LOG = Logger.getLogger(EventLoop.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(1800);

    /**
     * While the cache is not used: few, and enough that no connection is closed because it idles, and that Kafka's client does not
     * forget the topic, of which it would have to ask again before the next event.
     */
    private static final Duration RESTING_INTERVAL = Duration.ofSeconds(10);

    private final EventsConfig config;
    private final Supplier<EventChannel> channels;
    private final String instance;
    private final InstanceCache cache;
    private final Heartbeats heartbeats = new Heartbeats();
    private final TransportHealth health;
    private final EventHandler handler;
    private final EventMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "session-events");
    private volatile EventChannel channel;

    /**
     * @param channels opens the channel anew at each call
     * @param where the channel's name, for the log
     */
    EventLoop(
            EventsConfig config,
            Supplier<EventChannel> channels,
            String where,
            InstanceCache cache,
            PendingAcks pendingAcks,
            EventMetrics metrics,
            EventTracing tracing,
            FleetObserver observer) {
        this.config = config;
        this.channels = channels;
        this.metrics = metrics;
        metrics.joined(this::joined);
        this.instance = cache.instance();
        this.cache = cache;
        this.health = new TransportHealth(LOG, where, config.unhealthyAfter(), System.nanoTime());
        this.handler = new EventHandler(
                cache,
                pendingAcks,
                heartbeats,
                health,
                event -> publish(event, health::trouble),
                System::nanoTime,
                metrics,
                tracing,
                observer);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether this instance hears itself, so that acknowledgements can be expected. */
    boolean joined() {
        return health.joined();
    }

    /** What goes wrong with a channel beside what its methods throw; from any thread. */
    void trouble(Throwable what) {
        health.trouble(what);
    }

    boolean running() {
        return thread.isAlive();
    }

    void publish(SessionEvent event, Consumer<Throwable> failed) {
        metrics.published(event);
        Consumer<Throwable> counted = why -> {
            metrics.failed(event);
            failed.accept(why);
        };
        EventChannel open = channel;
        if (open == null) {
            counted.accept(new IllegalStateException("the broker is unavailable"));
        } else {
            open.publish(EventFormat.write(event), counted);
        }
    }

    void stop() throws InterruptedException {
        stopping.countDown();
        EventChannel open = channel;
        if (open != null) {
            open.wakeUp();
        }
        thread.join(CLOSE_LIMIT.toMillis());
    }

    @Override
    public void run() {
        while (!stopped()) {
            try (EventChannel open = channels.get()) {
                channel = open;
                run(open);
            } catch (RuntimeException e) {
                health.trouble(e);
            } finally {
                channel = null;
            }
            health.check(System.nanoTime());
            pause();
        }
    }

    private void run(EventChannel open) {
        long nextBeat = System.nanoTime();
        long beatenAt = nextBeat - RESTING_INTERVAL.toNanos();
        while (!stopped()) {
            long now = System.nanoTime();
            if (now - nextBeat >= 0) {
                boolean inUse = cache.isInUse();
                if (inUse || now - beatenAt >= RESTING_INTERVAL.toNanos()) {
                    publish(new Heartbeat(instance, heartbeats.sentAt(now)), health::trouble);
                    beatenAt = now;
                }
                if (!inUse) {
                    health.resting(beatenAt, now);
                }
                nextBeat = now + config.heartbeatInterval().toNanos();
            }
            for (byte[] event : open.poll(Duration.ofNanos(nextBeat - now))) {
                handler.accept(event);
            }
            health.check(System.nanoTime());
        }
    }

    private boolean stopped() {
        return stopping.getCount() == 0;
    }

    private void pause() {
        try {
            if (stopping.await(BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stopping.countDown();
        }
    }
}

package org.acme.logout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.acme.logout.SessionNews.Heartbeat;
import org.acme.session.spi.InstanceMemory;
import org.jboss.logging.Logger;

/**
 * The one thread that listens, follows what it hears and sends the heartbeats. Because it is one, heartbeats
 * stop when following stops: an instance that is stuck cannot look healthy to itself.
 *
 * <p>Whatever goes wrong, the channel is opened anew a second later.
 */
final class Conversation implements Runnable {

    private static final Logger LOG = Logger.getLogger(Conversation.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(1800);

    private final EventsConfig config;
    private final Supplier<Channel> channels;
    private final String instance;
    private final Heartbeats heartbeats = new Heartbeats();
    private final LinkWatch link;
    private final Inbox inbox;
    private final EventMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "session-events");
    private volatile Channel channel;

    /**
     * @param channels opens the channel anew at each call
     * @param where the channel's name, for the log
     */
    Conversation(
            EventsConfig config,
            Supplier<Channel> channels,
            String where,
            InstanceMemory memory,
            Announcements announcements,
            EventMetrics metrics,
            NewsTraces traces) {
        this.config = config;
        this.channels = channels;
        this.metrics = metrics;
        metrics.joined(this::joined);
        this.instance = memory.instance();
        this.link = new LinkWatch(LOG, where, config.lostAfter(), System.nanoTime());
        this.inbox = new Inbox(
                memory,
                announcements,
                heartbeats,
                link,
                news -> publish(news, link::trouble),
                System::nanoTime,
                metrics,
                traces);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether this instance hears itself, so that confirmations can be expected. */
    boolean joined() {
        return link.joined();
    }

    boolean running() {
        return thread.isAlive();
    }

    void publish(SessionNews news, Consumer<Exception> failed) {
        metrics.published(news);
        Consumer<Exception> counted = why -> {
            metrics.failed(news);
            failed.accept(why);
        };
        Channel open = channel;
        if (open == null) {
            counted.accept(new IllegalStateException("the broker is away"));
        } else {
            open.publish(EventFormat.write(news), counted);
        }
    }

    void stop() throws InterruptedException {
        stopping.countDown();
        Channel open = channel;
        if (open != null) {
            open.wakeUp();
        }
        thread.join(CLOSE_LIMIT.toMillis());
    }

    @Override
    public void run() {
        while (!stopped()) {
            try (Channel open = channels.get()) {
                channel = open;
                converse(open);
            } catch (RuntimeException e) {
                link.trouble(e);
            } finally {
                channel = null;
            }
            link.check(System.nanoTime());
            pause();
        }
    }

    private void converse(Channel open) {
        long nextBeat = System.nanoTime();
        while (!stopped()) {
            long now = System.nanoTime();
            if (now - nextBeat >= 0) {
                publish(new Heartbeat(instance, heartbeats.sentAt(now)), link::trouble);
                nextBeat = now + config.heartbeat().toNanos();
            }
            for (byte[] event : open.poll(Duration.ofNanos(nextBeat - now))) {
                inbox.accept(event);
            }
            link.check(System.nanoTime());
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

package org.acme.logout;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.acme.logout.SessionNews.Ended;
import org.acme.logout.SessionNews.Forgotten;
import org.acme.logout.SessionNews.Heartbeat;
import org.acme.session.log.RateLimitedLog;
import org.acme.session.spi.InstanceMemory;
import org.jboss.logging.Logger;

/**
 * What is done with an event that was read. It never throws: whoever can write to the topic must not be able to stop
 * those who listen.
 */
final class Inbox {

    private static final Logger LOG = Logger.getLogger(Inbox.class);

    private final String instance;
    private final InstanceMemory memory;
    private final Announcements announcements;
    private final Heartbeats heartbeats;
    private final LinkWatch link;
    private final Consumer<SessionNews> outbox;
    private final LongSupplier nanoTime;
    private final EventMetrics metrics;
    private final NewsTraces traces;
    private final RateLimitedLog warning;
    private final Authenticity authenticity;

    Inbox(
            InstanceMemory memory,
            Announcements announcements,
            Heartbeats heartbeats,
            LinkWatch link,
            Consumer<SessionNews> outbox,
            LongSupplier nanoTime,
            EventMetrics metrics,
            NewsTraces traces) {
        this.instance = memory.instance();
        this.memory = memory;
        this.announcements = announcements;
        this.heartbeats = heartbeats;
        this.link = link;
        this.outbox = outbox;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
        this.traces = traces;
        this.warning = new RateLimitedLog(LOG, nanoTime);
        this.authenticity = new Authenticity(memory.newsKey());
    }

    void accept(byte[] event) {
        try {
            SessionNews news = EventFormat.read(event);
            metrics.received(news);
            if (news instanceof Heartbeat heartbeat) {
                heard(heartbeat);
            } else if (news instanceof Ended ended) {
                forget(ended);
            } else if (news instanceof Forgotten forgotten) {
                confirmed(forgotten);
            }
        } catch (NotUnderstoodException e) {
            metrics.ignored();
            warning.warn("An event on the topic was ignored (%s)", e.getMessage());
        } catch (RuntimeException e) {
            metrics.ignored();
            warning.warn("An event on the topic could not be followed, and is not confirmed (%s)", e);
        }
    }

    private void heard(Heartbeat heartbeat) {
        if (heartbeat.instance().equals(instance)) {
            heartbeats.returned(heartbeat.sequence()).ifPresent(sentAt -> {
                memory.heartbeatReturned(sentAt);
                long now = nanoTime.getAsLong();
                metrics.heartbeatReturned(now - sentAt);
                link.heard(now);
            });
        }
    }

    /** The confirmation goes out only after {@code forget} has returned. The announcer itself has counted already. */
    private void forget(Ended ended) {
        traces.follow(ended, () -> memory.forget(ended.session(), ended.providerSession()));
        if (!ended.instance().equals(instance)) {
            outbox.accept(new Forgotten(instance, ended.id(), authenticity.of(instance, ended.id())));
        }
    }

    private void confirmed(Forgotten confirmation) {
        if (authenticity.holds(confirmation)) {
            announcements.confirmed(confirmation.event(), confirmation.instance());
        } else {
            warning.warn("A confirmation does not count (it is not from an instance with our seal key)");
        }
    }
}

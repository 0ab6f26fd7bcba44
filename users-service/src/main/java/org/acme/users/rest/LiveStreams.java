package org.acme.users.rest;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.acme.session.FleetView;
import org.acme.session.SessionEnding;

/** The open streams of the live view at this instance, and their limits. All show the same. */
@Singleton
class LiveStreams {

    private static final Duration COME_BACK_AFTER = Duration.ofSeconds(2);

    /** Events for a client that does not read. */
    private static final int MOST_WAITING = 256;

    private final FleetView fleet;
    private final LiveConfig limits;
    private final Vertx vertx;
    private final Set<Stream> open = new LinkedHashSet<>(); // the oldest first

    LiveStreams(FleetView fleet, LiveConfig limits, Vertx vertx) {
        this.fleet = fleet;
        this.limits = limits;
        this.vertx = vertx;
    }

    @PreDestroy
    void stop() {
        copy().forEach(Stream::end);
    }

    synchronized boolean full() {
        return open.size() >= limits.perInstance();
    }

    synchronized int open() {
        return open.size();
    }

    /**
     * @param session whose stream it is, or empty for a stranger's; beyond the limit of one session the oldest ends
     * @param over when the stream has to end: that session has ended, or has other roles
     */
    Multi<OutboundSseEvent> open(String session, Uni<SessionEnding> over, Sse sse) {
        return Multi.createFrom().emitter(emitter -> follow(new Stream(session, emitter), over, sse), MOST_WAITING);
    }

    private void follow(Stream stream, Uni<SessionEnding> over, Sse sse) {
        add(stream);
        var updates = fleet.updates()
                .subscribe()
                .with(update -> stream.emitter.emit(event(sse, update)), failure -> stream.end(), stream::end);
        var watch = over.subscribe().with(ending -> stream.end(), failure -> stream.end());
        long longest = vertx.setTimer(limits.maxDuration().toMillis(), timer -> stream.end());
        stream.closing = () -> {
            updates.cancel();
            watch.cancel();
            vertx.cancelTimer(longest);
            remove(stream);
        };
        stream.emitter.onTermination(stream.closing);
    }

    private static OutboundSseEvent event(Sse sse, FleetView.Update update) {
        return sse.newEventBuilder()
                .name(update.name())
                .reconnectDelay(COME_BACK_AFTER.toMillis())
                .data(update.json())
                .build();
    }

    private void add(Stream stream) {
        List<Stream> theirs;
        synchronized (this) {
            open.add(stream);
            theirs = open.stream()
                    .filter(one -> !one.session.isEmpty() && one.session.equals(stream.session))
                    .toList();
        }
        theirs.stream().limit(Math.max(0, theirs.size() - limits.perSession())).forEach(Stream::end);
    }

    private synchronized void remove(Stream stream) {
        open.remove(stream);
    }

    private synchronized List<Stream> copy() {
        return List.copyOf(open);
    }

    private static final class Stream {

        private final String session;
        private final MultiEmitter<? super OutboundSseEvent> emitter;
        private volatile Runnable closing = () -> {};

        private Stream(String session, MultiEmitter<? super OutboundSseEvent> emitter) {
            this.session = session;
            this.emitter = emitter;
        }

        /** A stream whose client does not read completes when it does; it takes no place until then. */
        private void end() {
            emitter.complete();
            closing.run();
        }
    }
}

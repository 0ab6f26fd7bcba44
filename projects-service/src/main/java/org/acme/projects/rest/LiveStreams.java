package org.acme.projects.rest;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.projects.config.ProjectsConfig;
import org.acme.projects.service.ChangeFeed;
import org.acme.projects.service.ChangeListener;
import org.acme.projects.service.ProjectChange;
import org.acme.projects.service.Viewer;
import org.acme.session.SessionEnding;

/** The open streams of this instance. Each carries which projects have changed, of those that its viewer may know. */
@Singleton
class LiveStreams implements ChangeListener {

    /** A reader that is so far behind is cut off; it comes back and reads the page anew. */
    private static final int MOST_WAITING = 256;

    /** A page that has just been written opens its stream a moment later: what happened between is said again. */
    private static final Duration RECENT = Duration.ofSeconds(10);

    private static final int MOST_RECENT = 128;

    private final ProjectsConfig.Live limits;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private final Deque<Recent> recent = new ArrayDeque<>();
    private final EventFormat events = new EventFormat();

    private final Vertx vertx;
    private long beating;

    LiveStreams(ProjectsConfig config, Vertx vertx) {
        this.limits = config.live();
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent starting, ChangeFeed feed) {
        feed.listen(this);
        beating = vertx.setPeriodic(limits.heartbeatInterval().toMillis(), timer -> beat());
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(beating);
        open.forEach(stream -> stream.emitter().complete());
    }

    boolean full() {
        return open.size() >= limits.perInstance();
    }

    int open() {
        return open.size();
    }

    /**
     * A stream that says something at once, so that its reader knows it is open.
     *
     * @param session whose stream it is; beyond the limit of one session the oldest ends, which is probably forgotten
     * @param ended says why when the session has ended
     */
    Multi<OutboundSseEvent> open(Viewer viewer, String session, Uni<SessionEnding> ended, Sse sse) {
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(
                        emitter -> {
                            Stream stream = new Stream(viewer, session, System.nanoTime(), emitter, sse);
                            // First of all: a session that is over already ends its stream within the next statement.
                            open.add(stream);
                            Cancellable watch = ended.subscribe().with(ending -> {
                                if (ending.isOver()) {
                                    emitter.emit(events.sessionEnded(sse, ending));
                                }
                                emitter.complete(); // the browser comes back, and is asked who it is now
                            });
                            emitter.onTermination(() -> {
                                open.remove(stream);
                                watch.cancel();
                            });
                            endOldestOf(session);
                            emitter.emit(events.opening(sse));
                            recent().stream()
                                    .filter(change -> change.concerns(viewer))
                                    .forEach(change -> emitter.emit(events.changed(sse, change)));
                        },
                        MOST_WAITING);
    }

    @Override
    public void changed(ProjectChange change) {
        remember(change);
        open.stream().filter(stream -> change.concerns(stream.viewer())).forEach(stream -> stream.emitter()
                .emit(events.changed(stream.sse(), change)));
    }

    @Override
    public void missedSome() {
        open.forEach(stream -> stream.emitter().emit(events.missedSome(stream.sse())));
    }

    private void remember(ProjectChange change) {
        synchronized (recent) {
            recent.addLast(new Recent(System.nanoTime(), change));
            if (recent.size() > MOST_RECENT) {
                recent.removeFirst();
            }
        }
    }

    private List<ProjectChange> recent() {
        long now = System.nanoTime();
        synchronized (recent) {
            return recent.stream()
                    .filter(change -> now - change.at() < RECENT.toNanos())
                    .map(Recent::change)
                    .toList();
        }
    }

    private void beat() {
        long now = System.nanoTime();
        for (Stream stream : open) {
            if (now - stream.since() >= limits.maxDuration().toNanos()) {
                stream.emitter().complete();
            } else {
                stream.emitter().emit(events.heartbeat(stream.sse()));
            }
        }
    }

    private void endOldestOf(String session) {
        List<Stream> theirs = open.stream()
                .filter(stream -> stream.session().equals(session))
                .sorted(Comparator.comparingLong(Stream::since))
                .toList();
        theirs.stream().limit(Math.max(0, theirs.size() - limits.perSession())).forEach(stream -> stream.emitter()
                .complete());
    }

    private record Recent(long at, ProjectChange change) {}

    private record Stream(
            Viewer viewer, String session, long since, MultiEmitter<? super OutboundSseEvent> emitter, Sse sse) {

        /** Two streams of one viewer are two. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** What the streams say: which project, which version. Whoever is interested reads it, and is asked who they are. */
    private static final class EventFormat {

        private static final Duration COME_BACK_AFTER = Duration.ofSeconds(2);

        OutboundSseEvent opening(Sse sse) {
            return sse.newEventBuilder()
                    .comment("open")
                    .reconnectDelay(COME_BACK_AFTER.toMillis())
                    .build();
        }

        OutboundSseEvent heartbeat(Sse sse) {
            return sse.newEventBuilder().comment("still here").build();
        }

        /** The last event of a stream whose session has ended: coming back is of use with the cookie of another sign-in only. */
        OutboundSseEvent sessionEnded(Sse sse, SessionEnding why) {
            return sse.newEventBuilder()
                    .name("session-ended")
                    .data("{\"why\":\"" + why.text() + "\",\"replaced\":" + (why == SessionEnding.REPLACED) + "}")
                    .build();
        }

        OutboundSseEvent missedSome(Sse sse) {
            return sse.newEventBuilder().name("missed-some").data("{}").build();
        }

        OutboundSseEvent changed(Sse sse, ProjectChange change) {
            return sse.newEventBuilder().name("changed").data(change.json()).build();
        }
    }
}

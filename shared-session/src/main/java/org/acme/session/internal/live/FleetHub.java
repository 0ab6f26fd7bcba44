package org.acme.session.internal.live;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.acme.session.CurrentSession;
import org.acme.session.FleetView;
import org.acme.session.internal.cache.NearCache;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.observability.ActivityFeed;
import org.acme.session.internal.store.LeaseRepository;
import org.acme.session.log.RateLimit;
import org.acme.session.spi.FleetNotice;
import org.acme.session.spi.FleetObserver;
import org.acme.session.spi.SignOffTransport;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What this instance tells while somebody watches anywhere, and what it shows to those who watch here.
 *
 * <p>All of it travels with the session events, after what counts: a sign-off sends its announcement and answers before it tells
 * how it went, and Redis is asked nothing more for it. One timer reads the leases, once a second, and only where somebody watches.
 */
@Singleton
class FleetHub implements FleetView, FleetObserver {

    private static final Duration TICK = Duration.ofSeconds(1);

    /** Whoever watches says so every second; several of these may be lost. */
    private static final Duration WATCHED = Duration.ofSeconds(6);

    private static final int MOST_WAITING = 256;
    private static final int MOST_NOTICES_A_SECOND = 50;

    /** One for each tick, and one more for whoever begins between two; another thousand would say the same. */
    private static final int MOST_WATCHES_A_SECOND = 2;

    private static final int MOST_ACKS_TOLD = 32;

    /** Acknowledgements shown one by one; beyond it they are seen when the sign-off is answered. */
    private static final int MOST_ACKS_SHOWN_A_SECOND = 100;

    private static final Pattern TELLABLE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private final Vertx vertx;
    private final NearCache cache;
    private final LeaseRepository leases;
    private final Instance<SignOffTransport> transport;
    private final ActivityFeed feed;
    private final SessionNames names;
    private final Map<String, String> self;
    private final Timeline timeline;
    private final Fleet fleet = new Fleet(System::nanoTime);
    private final Set<MultiEmitter<? super Update>> viewers = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final RateLimit limit = new RateLimit(MOST_NOTICES_A_SECOND, Duration.ofSeconds(1));
    private final RateLimit watches = new RateLimit(MOST_WATCHES_A_SECOND, Duration.ofSeconds(1));
    private final RateLimit acks = new RateLimit(MOST_ACKS_SHOWN_A_SECOND, Duration.ofSeconds(1));

    /** Where viewers are written to: not on the thread that hears session events, which keeps the lease. */
    private final Context showing;

    private volatile boolean watched;
    private volatile long watchedUntil;
    private long timer;

    FleetHub(
            Vertx vertx,
            NearCache cache,
            LeaseRepository leases,
            Instance<SignOffTransport> transport,
            ActivityFeed feed,
            SessionNames names,
            Clock clock,
            SsoConfig config,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.vertx = vertx;
        this.showing = vertx.getOrCreateContext();
        this.cache = cache;
        this.leases = leases;
        this.transport = transport;
        this.feed = feed;
        this.names = names;
        this.timeline = new Timeline(clock, System::nanoTime, names::of);
        this.self = new LinkedHashMap<>();
        introduce("service", service);
        config.instanceName().ifPresent(name -> introduce("name", name));
    }

    private void introduce(String what, String text) {
        if (TELLABLE.matcher(text).matches()) {
            self.put(what, text);
        }
    }

    void start(@Observes StartupEvent starting) {
        timer = vertx.setPeriodic(TICK.toMillis(), ticked -> tick());
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(timer);
        viewers.forEach(MultiEmitter::complete);
    }

    @Override
    public Multi<Update> updates() {
        return Multi.createFrom()
                .emitter(
                        viewer -> {
                            viewers.add(viewer);
                            viewer.onTermination(() -> viewers.remove(viewer));
                            watch();
                            showing.runOnContext(ignored -> {
                                viewer.emit(fleetNow());
                                timeline.moments().forEach(moment -> viewer.emit(update(moment)));
                            });
                        },
                        MOST_WAITING);
    }

    @Override
    public String nameOf(CurrentSession session) {
        return session.isPresent() ? names.ofFingerprint(session.fingerprint()) : "";
    }

    @Override
    public int watching() {
        return viewers.size();
    }

    // --- telling ----------------------------------------------------------------------------------------------

    private void tick() {
        if (!viewers.isEmpty()) {
            watch();
            readLeases();
            show(fleetNow());
        }
        if (watched && !isLeft()) {
            tellStatus();
        }
    }

    /** Whether nobody watches any more; nothing is told then. */
    private synchronized boolean isLeft() {
        if (watched && System.nanoTime() - watchedUntil > 0) {
            watched = false;
            feed.stop();
            timeline.clear();
            fleet.clear();
        }
        return !watched;
    }

    /** Tells all instances, this one first, that somebody watches. Anybody can begin to, as often as they like. */
    private void watch() {
        watchedHere();
        if (watches.admit().isPresent()) {
            publish(new FleetNotice(cache.instance(), "watch", Map.of()));
        }
    }

    private synchronized void watchedHere() {
        watchedUntil = System.nanoTime() + WATCHED.toNanos();
        cache.keepInUse();
        if (!watched) {
            watched = true;
            feed.tell(this::tell);
            tellStatus();
        }
    }

    private void tellStatus() {
        Map<String, String> status = new LinkedHashMap<>(self);
        status.put("sessions", Long.toString(cache.size()));
        FleetNotice notice = new FleetNotice(cache.instance(), "status", status);
        fleet.says(notice);
        publish(notice);
    }

    /** What happened here; shown here too when the transport carries nothing. */
    private void tell(String kind, Map<String, String> details) {
        if (limit.admit().isEmpty()) {
            return;
        }
        Map<String, String> all = new LinkedHashMap<>(details);
        all.put("number", Long.toString(numbers.incrementAndGet()));
        if (kind.equals("signed-off") && details.containsKey("answered")) {
            long took = Long.parseLong(details.get("answered"));
            timeline.acknowledged(details.get("session"), System.nanoTime() - took * 1_000_000).entrySet().stream()
                    .limit(MOST_ACKS_TOLD)
                    .forEach(ack -> all.put("ack." + ack.getKey(), Long.toString(ack.getValue())));
        }
        FleetNotice notice = new FleetNotice(cache.instance(), kind, all);
        show(timeline.heard(notice));
        publish(notice);
    }

    private void publish(FleetNotice notice) {
        if (transport.isResolvable()) {
            transport.get().publish(notice);
        }
    }

    private void readLeases() {
        if (asking.compareAndSet(false, true)) {
            leases.table()
                    .onTermination()
                    .invoke(() -> asking.set(false))
                    .subscribe()
                    .with(table -> fleet.leases(Optional.of(table)), failure -> fleet.leases(Optional.empty()));
        }
    }

    // --- hearing ----------------------------------------------------------------------------------------------

    @Override
    public void heard(FleetNotice notice) {
        if (notice.instance().equals(cache.instance())) {
            return;
        }
        if (notice.kind().equals("watch")) {
            watchedHere();
        } else if (watched && notice.kind().equals("status")) {
            fleet.says(notice);
        } else if (watched) {
            show(timeline.heard(notice));
        }
    }

    @Override
    public void alive(String instance) {
        if (watched) {
            fleet.alive(instance);
        }
    }

    @Override
    public void ended(String event, String instance, String session, String reason) {
        if (watched) {
            show(timeline.ended(event, instance, session, reason));
        }
    }

    @Override
    public void forgotten(String event, String instance) {
        if (watched) {
            show(timeline.forgotten(event, instance)
                    .filter(moment -> acks.admit().isPresent()));
        }
    }

    // --- showing ----------------------------------------------------------------------------------------------

    private void show(Optional<Moment> moment) {
        if (moment.isPresent() && !viewers.isEmpty()) {
            show(update(moment.get()));
        }
    }

    private void show(Update update) {
        showing.runOnContext(ignored -> viewers.forEach(viewer -> viewer.emit(update)));
    }

    private static Update update(Moment moment) {
        return new Update("moment", moment.json());
    }

    private Update fleetNow() {
        boolean there = transport.isResolvable();
        return new Update(
                "fleet",
                fleet.json(
                        there ? transport.get().title() : "",
                        there && transport.get().joined()));
    }
}

package org.acme.session.internal.live;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.acme.session.internal.live.Moment.Step;
import org.acme.session.log.RateLimit;
import org.acme.session.spi.FleetNotice;
import org.acme.session.spi.SessionEnded;

/**
 * Makes moments of what instances tell each other. Bounded in everything, since anybody who may write to the transport could
 * tell more without end.
 */
final class Timeline {

    static final int MOST_MOMENTS = 40;
    static final int MOST_STEPS = 48;
    private static final int MOST_SESSIONS = 500;
    private static final int MOST_A_SECOND = 25;

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final UnaryOperator<String> nameOf;
    private final RateLimit limit;
    private final Map<String, Moment> moments = bounded(MOST_MOMENTS);
    /** The end of a session, by its hash. */
    private final Map<String, End> ends = bounded(MOST_SESSIONS);
    /** The hash of a session, by the announcement of its end. */
    private final Map<String, String> announced = bounded(MOST_SESSIONS);
    /** Who knows a session, by its hash. */
    private final Map<String, Set<String>> known = bounded(MOST_SESSIONS);

    /** @param nameOf makes a name for people of a session's hash */
    Timeline(Clock clock, LongSupplier nanoTime, UnaryOperator<String> nameOf) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.nameOf = nameOf;
        this.limit = new RateLimit(MOST_A_SECOND, Duration.ofSeconds(1), nanoTime);
    }

    /** The latest, the oldest first. */
    synchronized Collection<Moment> moments() {
        return List.copyOf(moments.values());
    }

    synchronized void clear() {
        List.of(moments, ends, announced, known).forEach(Map::clear);
    }

    /** What to show because of a notice; empty when it says nothing new. */
    synchronized Optional<Moment> heard(FleetNotice notice) {
        String session = notice.details().getOrDefault("session", "");
        return switch (notice.kind()) {
            case "signed-in", "refreshed" -> happened(notice, session);
            case "known" -> isNews(session, notice.instance()) ? happened(notice, session) : Optional.empty();
            case "signed-off" -> answered(notice, session);
            default -> Optional.empty();
        };
    }

    private boolean isNews(String session, String instance) {
        Set<String> those = known.computeIfAbsent(session, any -> new HashSet<>());
        return those.size() < MOST_STEPS && those.add(instance);
    }

    private Optional<Moment> happened(FleetNotice notice, String session) {
        return add(Moment.of(idOf(notice), clock.millis(), notice.kind(), nameOf.apply(session), notice.instance()));
    }

    /**
     * The end of a session was announced. It ends once: when it is signed off, its provider says so too, which an instance announces
     * as another end.
     */
    synchronized Optional<Moment> ended(String event, String instance, String session, String reason) {
        known.remove(session);
        End before = ends.get(session);
        Moment shown = before == null ? null : moments.get(before.moment());
        if (shown != null
                && (before.event().equals(event)
                        || shown.measured()
                        || !isSignOff(reason)
                        || isSignOff(shown.reason()))) {
            return Optional.empty();
        }
        String id = shown == null ? event : shown.id();
        long at = shown == null ? clock.millis() : shown.at();
        Moment moment = new Moment(id, at, "ended", nameOf.apply(session), instance, reason, List.of(), false, false);
        Optional<Moment> added = shown == null ? add(moment) : replace(moment);
        if (added.isPresent()) {
            ends.put(session, new End(id, event, nanoTime.getAsLong()));
            announced.put(event, session);
        }
        return added;
    }

    private static boolean isSignOff(String reason) {
        return reason.equals(SessionEnded.Reason.SIGNED_OFF.text());
    }

    /** An instance has acknowledged an announcement. Its time counts from hearing that, until the ender tells better. */
    synchronized Optional<Moment> forgotten(String event, String instance) {
        End end = ends.get(announced.getOrDefault(event, ""));
        Moment moment = end == null || !end.event().equals(event) ? null : moments.get(end.moment());
        if (moment == null || moment.measured() || moment.steps().size() >= MOST_STEPS) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>(moment.steps());
        steps.add(new Step("forgotten", instance, (nanoTime.getAsLong() - end.heardAt()) / 1_000_000));
        return replace(with(moment, steps, false, false));
    }

    /** How long after the question whoever ended that session had each acknowledgement. @param askedAt as nanoTime had it */
    synchronized Map<String, Long> acknowledged(String session, long askedAt) {
        Map<String, Long> acks = new LinkedHashMap<>();
        End end = ends.get(session);
        if (end != null && moments.containsKey(end.moment())) {
            long begun = (end.heardAt() - askedAt) / 1_000_000;
            moments.get(end.moment()).steps().forEach(step -> acks.put(step.who(), begun + step.ms()));
        }
        return acks;
    }

    /** Whoever ended the session has answered, and says how long each step took. */
    private Optional<Moment> answered(FleetNotice notice, String session) {
        List<Step> steps = new ArrayList<>();
        notice.details().forEach((name, value) -> {
            if (name.startsWith("ack.")) {
                steps.add(new Step("forgotten", name.substring("ack.".length()), number(value)));
            } else if (Set.of("redis", "lease", "provider", "answered").contains(name)) {
                steps.add(new Step(name, "", number(value)));
            }
        });
        steps.sort(Comparator.comparingLong(Step::ms)
                .thenComparing(step -> step.what().equals("answered")));
        End end = ends.get(session);
        Moment begun = end == null ? null : moments.get(end.moment());
        if (begun != null) {
            return replace(with(begun, steps, true, true));
        }
        known.remove(session);
        return add(new Moment(
                idOf(notice),
                clock.millis(),
                "ended",
                nameOf.apply(session),
                notice.instance(),
                notice.details().getOrDefault("reason", ""),
                steps.subList(0, Math.min(steps.size(), MOST_STEPS)),
                true,
                true));
    }

    private static String idOf(FleetNotice notice) {
        return notice.instance() + '.' + notice.details().getOrDefault("number", "");
    }

    private Optional<Moment> add(Moment moment) {
        return limit.admit().isPresent() ? replace(moment) : Optional.empty();
    }

    private Optional<Moment> replace(Moment moment) {
        moments.put(moment.id(), moment);
        return Optional.of(moment);
    }

    private static Moment with(Moment moment, List<Step> steps, boolean measured, boolean answered) {
        return new Moment(
                moment.id(),
                moment.at(),
                moment.kind(),
                moment.session(),
                moment.instance(),
                moment.reason(),
                steps.subList(0, Math.min(steps.size(), MOST_STEPS)),
                measured,
                answered);
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException forged) {
            return 0;
        }
    }

    /**
     * @param moment the id of what is shown of it
     * @param event its announcement
     * @param heardAt when that was heard here, as nanoTime has it
     */
    private record End(String moment, String event, long heardAt) {}

    private static <V> Map<String, V> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }
}

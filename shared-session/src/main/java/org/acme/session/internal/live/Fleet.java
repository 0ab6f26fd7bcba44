package org.acme.session.internal.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.acme.session.spi.FleetNotice;

/** The instances as one of them sees them: by what they say of themselves, by their heartbeats, and by their leases in Redis. */
final class Fleet {

    static final int MOST_INSTANCES = 200;

    /** A heartbeat comes four times a second; an instance that has said nothing for so long is stuck, or gone. */
    private static final Duration SILENT_AFTER = Duration.ofMillis(1500);

    private static final Duration GONE_AFTER = Duration.ofSeconds(15);

    /** What an instance says of itself, and when it was last heard. */
    private static final class Member {
        private String name = "";
        private String service = "";
        private long sessions = -1;
        private long heardAt;
    }

    private final LongSupplier nanoTime;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private Optional<Map<String, Duration>> leases = Optional.empty();

    Fleet(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void clear() {
        members.clear();
        leases = Optional.empty();
    }

    synchronized void alive(String instance) {
        if (members.size() < MOST_INSTANCES || members.containsKey(instance)) {
            members.computeIfAbsent(instance, any -> new Member()).heardAt = nanoTime.getAsLong();
        }
    }

    /** @param notice of the kind {@code status} */
    synchronized void says(FleetNotice notice) {
        alive(notice.instance());
        Member member = members.get(notice.instance());
        if (member != null) {
            member.name = notice.details().getOrDefault("name", "");
            member.service = notice.details().getOrDefault("service", "");
            member.sessions = number(notice.details().get("sessions"));
        }
    }

    /** @param table what is left of each lease, as Redis has it; empty when Redis does not answer */
    synchronized void leases(Optional<Map<String, Duration>> table) {
        leases = table;
    }

    /**
     * @param transport what carries events, for people
     * @param joined whether this instance hears itself through it
     */
    synchronized String json(String transport, boolean joined) {
        long now = nanoTime.getAsLong();
        members.values().removeIf(member -> now - member.heardAt > GONE_AFTER.toNanos());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("transport", transport).put("joined", joined).put("redis", leases.isPresent());
        ArrayNode list = json.putArray("instances");
        Map<String, String> byName = new TreeMap<>();
        members.forEach((id, member) -> byName.put(member.service + ' ' + member.name + ' ' + id, id));
        byName.values().forEach(id -> list.add(instance(id, members.get(id), now)));
        leases.ifPresent(table -> table.keySet().stream()
                .map(Fleet::bare)
                .filter(id -> !members.containsKey(id))
                .limit(MOST_INSTANCES)
                .forEach(id -> list.add(instance(id, new Member(), now))));
        return json.toString();
    }

    private ObjectNode instance(String id, Member member, long now) {
        boolean heard = member.heardAt != 0 && now - member.heardAt < SILENT_AFTER.toNanos();
        Duration held = leases.map(table -> table.get(id)).orElse(null);
        Duration taken = leases.map(table -> table.get('!' + id)).orElse(null);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id)
                .put("name", member.name)
                .put("service", member.service)
                .put("heard", heard);
        if (member.sessions >= 0) {
            json.put("sessions", member.sessions);
        }
        json.put("lease", held != null ? "held" : taken != null ? "taken" : "none");
        if (held != null || taken != null) {
            json.put("leaseMs", (held != null ? held : taken).toMillis());
        }
        return json;
    }

    private static String bare(String entry) {
        return entry.startsWith("!") ? entry.substring(1) : entry;
    }

    private static long number(String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException forged) {
            return -1;
        }
    }
}

package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.acme.session.internal.store.RealStore.awaitAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What services remember in a session. */
class SessionAttributesTest extends OnARealStore {

    @Test
    @DisplayName("L8: two services that write at once lose nothing, nor do requests of one service, nor a refresh")
    void nothingIsLost() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        AttributeStore shop = redis.attributesOf("shop");
        List<Uni<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String key = "k" + i;
            writes.add(notes.change(alice.id(), all -> all.put(key, "n")));
            writes.add(shop.change(alice.id(), all -> all.put(key, "s")));
        }
        writes.add(redis.sessions
                .writeTokens(RealStore.refreshed(alice, 1, tokens("new"), Set.of()))
                .replaceWithVoid());
        awaitAll(writes);

        Set<String> keys = Set.of("k0", "k1", "k2", "k3", "k4", "k5");
        assertEquals(keys, await(notes.read(alice.id())).keySet());
        assertEquals(keys, await(shop.read(alice.id())).keySet());
        assertEquals(Set.of("s"), Set.copyOf(await(shop.read(alice.id())).values()));
        assertEquals(tokens("new"), redis.peek(alice.id()).orElseThrow().tokens());
    }

    @Test
    @DisplayName(
            "F57, L8: a crowd that writes one service's attributes in one session at once loses nothing, and nobody fails")
    void crowdsLoseNothing() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        List<Uni<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String key = "k" + i;
            writes.add(notes.change(alice.id(), all -> all.put(key, "n")));
        }
        awaitAll(writes);
        assertEquals(24, await(notes.read(alice.id())).size());
    }

    @Test
    @DisplayName("F57: where others keep writing between reading and writing, the answer is 503, not 500")
    void endlessConflicts() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        AtomicInteger writes = new AtomicInteger();
        assertThrows(
                SessionUnavailableException.class,
                () -> await(notes.change(alice.id(), all -> redis.guest()
                        .send(
                                "HSET",
                                Keys.record(alice.id()),
                                "attr:notes",
                                "{\"n\":\"" + writes.incrementAndGet() + "\"}"))));
    }

    @Test
    @DisplayName("L8: a change is made to what is there, though somebody wrote between reading and writing")
    void changesAreMadeToWhatIsThere() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        List<Map<String, String>> seen = new ArrayList<>();
        await(notes.change(alice.id(), all -> {
            seen.add(Map.copyOf(all));
            if (seen.size() == 1) {
                redis.guest().send("HSET", Keys.record(alice.id()), "attr:notes", "{\"other\":\"1\"}");
            }
            all.put("mine", "1");
        }));
        assertEquals(List.of(Map.of(), Map.of("other", "1")), seen);
        assertEquals(Map.of("other", "1", "mine", "1"), await(notes.read(alice.id())));
    }

    @Test
    @DisplayName("L8: attributes take 8 KiB of one service; what is larger is refused and nothing is stored")
    void attributesAreBounded() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        int frame = "{\"a\":\"\"}".length();
        String largest = "ü".repeat((8192 - frame) / 2);
        await(notes.change(alice.id(), all -> all.put("a", largest)));
        assertThrows(
                IllegalArgumentException.class,
                () -> await(notes.change(alice.id(), all -> all.put("a", largest + "x"))));
        assertThrows(IllegalArgumentException.class, () -> await(notes.change(alice.id(), all -> all.put("b", ""))));
        assertEquals(Map.of("a", largest), await(notes.read(alice.id())));
        await(redis.attributesOf("shop").change(alice.id(), all -> all.put("a", largest)));
    }

    @Test
    void theLastAttributeTakesItsFieldAlong() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        await(notes.change(alice.id(), all -> all.put("a", "b")));
        await(notes.change(alice.id(), all -> all.remove("a")));
        assertNull(redis.field(alice.id(), "attr:notes"));
        await(notes.change(alice.id(), all -> all.remove("a")));
        assertEquals(Map.of(), await(notes.read(alice.id())));
    }
}

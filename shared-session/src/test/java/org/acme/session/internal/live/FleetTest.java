package org.acme.session.internal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.acme.session.spi.FleetNotice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FleetTest {

    private long nanos = 1;
    private final Fleet fleet = new Fleet(() -> nanos);

    private JsonNode shown() throws JsonProcessingException {
        return new JsonMapper().readTree(fleet.json("Kafka", true));
    }

    private void says(String instance, String name, String sessions) {
        fleet.says(new FleetNotice(
                instance, "status", Map.of("name", name, "service", "users-service", "sessions", sessions)));
    }

    @Test
    @DisplayName("an instance appears with its lease and how many sessions it caches, in the order of names")
    void whatAnInstanceSays() throws JsonProcessingException {
        says("b", "users-2", "3");
        says("a", "users-1", "4");
        fleet.leases(Optional.of(Map.of("a", Duration.ofMillis(700), "!b", Duration.ofMillis(200))));

        assertEquals(
                """
                {"transport":"Kafka","joined":true,"redis":true,"instances":[\
                {"id":"a","name":"users-1","service":"users-service","heard":true,"sessions":4,"lease":"held","leaseMs":700},\
                {"id":"b","name":"users-2","service":"users-service","heard":true,"sessions":3,"lease":"taken","leaseMs":200}]}""",
                fleet.json("Kafka", true));
    }

    @Test
    @DisplayName("a member that says nothing of itself appears by its heartbeat, or by its lease alone")
    void membersOfOtherStacks() throws JsonProcessingException {
        fleet.alive("another");
        fleet.leases(Optional.of(Map.of("silent", Duration.ofMillis(1))));

        assertEquals("another", shown().at("/instances/0/id").asText());
        assertTrue(shown().at("/instances/0/heard").asBoolean());
        assertEquals("silent", shown().at("/instances/1/id").asText());
        assertFalse(shown().at("/instances/1/heard").asBoolean());
    }

    @Test
    @DisplayName("an instance that is stuck is shown as silent, and leaves after a while")
    void silence() throws JsonProcessingException {
        says("a", "users-1", "forged");
        assertTrue(shown().at("/instances/0/heard").asBoolean());
        assertTrue(shown().at("/instances/0/sessions").isMissingNode());

        nanos += Duration.ofSeconds(2).toNanos();
        assertFalse(shown().at("/instances/0/heard").asBoolean());

        nanos += Duration.ofMinutes(1).toNanos();
        assertEquals(0, shown().path("instances").size());
    }

    @Test
    @DisplayName("without an answer of Redis nothing is said of leases")
    void redisIsAway() throws JsonProcessingException {
        fleet.alive("a");
        fleet.leases(Optional.empty());

        assertFalse(shown().path("redis").asBoolean());
        assertEquals("none", shown().at("/instances/0/lease").asText());
    }

    @Test
    @DisplayName("S1: forged heartbeats do not fill the memory")
    void bounded() throws JsonProcessingException {
        for (int i = 0; i < 1_000; i++) {
            fleet.alive("i" + i);
        }
        assertEquals(Fleet.MOST_INSTANCES, shown().path("instances").size());
    }
}

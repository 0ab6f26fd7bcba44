package org.acme.logout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Where session events are sent, and how heartbeats are timed. The address and the
 * security of the broker are Quarkus' own {@code kafka.*} or {@code quarkus.redis.*} settings.
 */
@ConfigMapping(prefix = "sso.events")
public interface EventsConfig {

    /** What carries session events; the same in all services. */
    @WithDefault("kafka")
    Transport transport();

    /** What carries session events. */
    enum Transport {
        KAFKA,
        /** Pub/sub of the Redis that holds the sessions: for deployments without a broker. */
        REDIS
    }

    /** Kafka topic of session events, created by the operator, of which one partition is used; or channel of Redis. */
    @WithDefault("session-events")
    String topic();

    /** Interval of the heartbeats that an instance sends to itself. The lease needs several of them within its duration. */
    @WithDefault("250ms")
    Duration heartbeatInterval();

    /** How long an instance waits for its own heartbeat before it logs that events do not arrive. */
    @WithDefault("2s")
    Duration unhealthyAfter();
}

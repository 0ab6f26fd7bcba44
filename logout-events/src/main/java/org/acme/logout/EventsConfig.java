package org.acme.logout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Where session events are sent, and how heartbeats are timed. A broker's address and security are Quarkus' own {@code kafka.*} or
 * {@code quarkus.redis.*} keys.
 */
@ConfigMapping(prefix = "sso.events")
public interface EventsConfig {

    /** What carries session events; the same in all services. */
    @WithDefault("kafka")
    Transport transport();

    /** What carries session events. */
    enum Transport {
        KAFKA,
        /** Pub/sub of the Redis that holds the sessions: for those who run no broker. */
        REDIS
    }

    /** Kafka topic of session events, made by the operator, of which one partition is used; or channel of Redis. */
    @WithDefault("session-events")
    String topic();

    /** How often an instance says that it hears. The lease asks for several of them within its length. */
    @WithDefault("250ms")
    Duration heartbeat();

    /** How long an instance goes without hearing itself before the log says so. */
    @WithDefault("2s")
    Duration lostAfter();
}

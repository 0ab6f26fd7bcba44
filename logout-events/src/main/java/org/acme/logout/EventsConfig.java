package org.acme.logout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where and how fast the news travels. The broker's address and its security are Quarkus' own {@code kafka.*} keys. */
@ConfigMapping(prefix = "sso.events")
public interface EventsConfig {

    /** Kafka topic of the news, made by the operator; one partition is used. */
    @WithDefault("session-events")
    String topic();

    /** How often an instance says that it hears. The lease asks for several of them within its length. */
    @WithDefault("250ms")
    Duration heartbeat();

    /** How long an instance goes without hearing itself before the log says so. */
    @WithDefault("2s")
    Duration lostAfter();
}

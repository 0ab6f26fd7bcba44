package org.acme.logout;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/** Settings whose values make no sense, alone or together. They end the start with the name of the setting and the reason. */
@Singleton
class EventsSettingsCheck {

    /** Before all others, so that none meets a value that it cannot bear. */
    void atStart(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start, EventsConfig config) {
        check(config);
    }

    /** @throws IllegalArgumentException naming the setting and the rule that it breaks */
    static void check(EventsConfig config) {
        Duration heartbeat = config.heartbeatInterval();
        require(
                !heartbeat.isZero() && !heartbeat.isNegative(),
                "sso.events.heartbeat-interval (" + heartbeat + ") must be longer than zero");
        require(
                heartbeat.compareTo(config.unhealthyAfter()) < 0,
                "sso.events.heartbeat-interval (" + heartbeat + ") must be shorter than sso.events.unhealthy-after ("
                        + config.unhealthyAfter() + ")");
        require(!config.topic().isBlank(), "sso.events.topic must not be blank");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}

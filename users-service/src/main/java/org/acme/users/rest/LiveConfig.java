package org.acme.users.rest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The live view: a page that shows the fleet and what happens in it. */
@ConfigMapping(prefix = "users.live")
public interface LiveConfig {

    /** Who may open it. */
    @WithDefault("administrators")
    Access access();

    /** Maximum number of streams of one session at one instance; one more ends the oldest. */
    @WithDefault("4")
    int perSession();

    /** Maximum number of streams at one instance. */
    @WithDefault("200")
    int perInstance();

    /** A stream ends after this time, and the browser opens another one. */
    @WithDefault("10m")
    Duration maxDuration();

    /** Who may open the live view. */
    enum Access {
        /** Everybody, signed in or not: for a demonstration. */
        EVERYBODY,
        /** Who has the role {@code admin}. */
        ADMINISTRATORS,
        /** Nobody: the page is not there. */
        OFF
    }
}

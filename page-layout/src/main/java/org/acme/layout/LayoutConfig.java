package org.acme.layout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The settings of the page layout. Each key has the prefix {@code layout.}. */
@ConfigMapping(prefix = "layout")
interface LayoutConfig {

    /** What users read at the top of each page. */
    String product();

    /**
     * The services in the navigation, by the first part of their URLs, in this order; {@code infra} gives every service the
     * list in {@code infra/services}. Without it a service knows itself only.
     */
    Optional<List<String>> services();

    /**
     * Whether the foot of each page tells which instance answered ({@code sso.instance-name}), and whether it read the session from its
     * cache or from Redis; for a demonstration.
     */
    @WithDefault("false")
    boolean showInstance();

    /** The page about the person who is signed in, where their name leads. */
    @WithDefault("/users/profile")
    String profile();
}

package org.acme.projects.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the projects service. */
@ConfigMapping(prefix = "projects")
public interface ProjectsConfig {

    /** How many projects one page of a list holds. */
    @WithDefault("20")
    int pageSize();

    /** How many projects one user may own: the store is shared with the sessions and must not be filled by one person. */
    @WithDefault("500")
    int perOwner();

    /** How long a request waits for the store before it is answered 503. */
    @WithDefault("2s")
    Duration storeLimit();
}

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

    /** How many people one project may be shared with. */
    @WithDefault("50")
    int membersPerProject();

    /** How many projects of others one person may be a member of. */
    @WithDefault("500")
    int perMember();

    /** User names that one person may look up in a minute, at one instance: the users service counts them all as ours. */
    @WithDefault("60")
    int lookupsPerMinute();

    /** How long somebody who was here is suggested by full name; each visit begins that time anew. */
    @WithDefault("2160h")
    Duration suggestionTtl();

    /** How long a request waits for the store before it is answered 503. */
    @WithDefault("2s")
    Duration storeTimeout();

    /** Pages that change by themselves. */
    Live live();

    /** Pages that change by themselves. */
    interface Live {

        /** Streams that one session may hold; a browser needs one, and a second while tabs hand over. */
        @WithDefault("4")
        int perSession();

        /** Streams that one instance holds. */
        @WithDefault("2000")
        int perInstance();

        /** How often a quiet stream says something; more often than the proxy's read timeout. */
        @WithDefault("5s")
        Duration heartbeatInterval();

        /** How long one stream lasts; the browser then asks for the next, with the roles that its user has by then. */
        @WithDefault("10m")
        Duration maxDuration();

        /** How long to wait before the changes are subscribed to again. */
        @WithDefault("1s")
        Duration resubscribeInterval();
    }
}

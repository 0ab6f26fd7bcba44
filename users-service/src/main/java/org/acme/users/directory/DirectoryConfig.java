package org.acme.users.directory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The provider's directory of people, and how much of it one caller may ask for. What an instance caches costs nothing: 10,000
 * people for five minutes, 10,000 subjects that nobody has for one minute.
 */
@ConfigMapping(prefix = "directory")
public interface DirectoryConfig {

    /** Keycloak's admin interface of the realm, by an internal address. */
    String url();

    /** The issuer whose subjects these people are. */
    String issuer();

    /** What one person may ask, by session or token, of one instance. */
    PerPerson perPerson();

    /** What one service may ask on its own behalf, of one instance. */
    PerService perService();

    /** What one person may ask, by session or token, of one instance. */
    interface PerPerson {

        /** Questions to the provider that one person may cause at once; at least 100, the most that one request asks. */
        @WithDefault("100")
        int burst();

        /** Questions a second that a person gets back after that. */
        @WithDefault("5")
        int perSecond();

        /** Requests of one person that may wait for the provider at the same time. */
        @WithDefault("4")
        int concurrentRequests();
    }

    /** What one service may ask on its own behalf, of one instance. */
    interface PerService {

        /** Questions to the provider that one service may cause at once; at least 100, the most that one request asks. */
        @WithDefault("1000")
        int burst();

        /** Questions a second that a service gets back after that. */
        @WithDefault("50")
        int perSecond();

        /** Requests of one service that may wait for the provider at the same time. */
        @WithDefault("32")
        int concurrentRequests();
    }
}

package org.acme.users.rest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The start page. */
@ConfigMapping(prefix = "users.home")
public interface HomeConfig {

    /** Whether it shows what there is to try, and the accounts of the demonstration, passwords included. */
    @WithDefault("false")
    boolean tour();

    /** Address of the provider's pages about the own account, which the tour leads to. */
    Optional<String> accountConsole();
}

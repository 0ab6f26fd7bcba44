package org.acme.session.internal.http;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * Lets requests through to us whose target has characters that RFC 3986 has no place for, and that browsers send all the same:
 * {@link RequestTarget} encodes them. Otherwise Quarkus answers 400, without a word. It reads a system property for this,
 * once, as its first class of the HTTP server is loaded; nothing of ours runs sooner than the configuration is made.
 */
public final class RawTargets implements SmallRyeConfigBuilderCustomizer {

    static final String PROPERTY = "vertx.disableURIValidation";

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "true");
        }
    }
}

package org.acme.session.internal.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps what clients make up out of the tags of meters. There is room for a hundred addresses; once somebody has asked for a
 * hundred that there are not, those that there are would be measured no more.
 */
@Singleton
class KnownPaths {

    private static final String METERS = "http.server.";
    private static final String URI = "uri";
    private static final String METHOD = "method";

    /** What Micrometer says of addresses that it cannot tell apart. */
    private static final Set<String> WORDS = Set.of("NOT_FOUND", "REDIRECTION", "root", "UNKNOWN", "/cors-preflight");

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "UNKNOWN");

    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private final String root;

    KnownPaths(ServiceRoot root) {
        this.root = root.path();
    }

    /** @param template of a resource's address, such as {@code /projects/{id}} */
    void add(String template) {
        paths.add(
                template.length() > 1 && template.endsWith("/")
                        ? template.substring(0, template.length() - 1)
                        : template);
    }

    @Produces
    @Singleton
    MeterFilter noMadeUpTags() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().startsWith(METERS) ? id.replaceTags(known(id)) : id;
            }
        };
    }

    private Tags known(Meter.Id id) {
        Tags tags = Tags.of(id.getTags());
        String uri = id.getTag(URI);
        if (uri != null && !WORDS.contains(uri) && !paths.contains(uri)) {
            tags = tags.and(Tag.of(URI, uri.startsWith(root + "static/") ? root + "static" : "UNKNOWN"));
        }
        String method = id.getTag(METHOD);
        return method == null || METHODS.contains(method) ? tags : tags.and(Tag.of(METHOD, "OTHER"));
    }
}

package org.acme.layout;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Addresses for the files below {@code META-INF/resources/static}, of this module and of the service. An address names
 * the content, so a browser may keep it for ever. An instance of another version, which may be asked during an upgrade,
 * sees that the address is not of its own file, and what it answers is not kept.
 */
@Singleton
class StaticFiles {

    private static final String FOLDER = "META-INF/resources/static/";
    private static final String VERSION = "v";
    private static final int VERSION_LENGTH = 16;
    private static final int EARLY = 1000;

    private final String path;
    private final Map<String, String> versions = new ConcurrentHashMap<>();

    StaticFiles(@ConfigProperty(name = "quarkus.http.root-path") String rootPath) {
        this.path = (rootPath.endsWith("/") ? rootPath : rootPath + "/") + "static/";
    }

    /**
     * The address of a file.
     *
     * @throws IllegalArgumentException when there is no such file: a mistake in a template
     */
    String address(String name) {
        return path + name + "?" + VERSION + "=" + version(name);
    }

    void keepInBrowsers(@Observes Filters filters) {
        filters.register(
                request -> {
                    if (request.normalizedPath().startsWith(path)) {
                        request.response().headers().set(HttpHeaders.CACHE_CONTROL, cacheControl(request));
                    }
                    request.next();
                },
                EARLY);
    }

    private String cacheControl(RoutingContext request) {
        String asked = request.queryParams().get(VERSION);
        String kept =
                asked == null ? null : versions.get(request.normalizedPath().substring(path.length()));
        return asked != null && asked.equals(kept) && LaunchMode.current() != LaunchMode.DEVELOPMENT
                ? "public, max-age=31536000, immutable"
                : "no-cache";
    }

    private String version(String name) {
        return versions.computeIfAbsent(name, StaticFiles::digest);
    }

    private static String digest(String name) {
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalArgumentException("There is no " + FOLDER + name);
            }
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
            return HexFormat.of().formatHex(sum).substring(0, VERSION_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

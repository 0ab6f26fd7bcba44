package org.acme.session.internal.http;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where this service lies below the base URL. */
@Singleton
public class ServiceRoot {

    private final String path;

    ServiceRoot(@ConfigProperty(name = "quarkus.http.root-path") String rootPath) {
        this.path = rootPath.endsWith("/") ? rootPath : rootPath + "/";
    }

    /** Such as {@code /users/}. */
    public String path() {
        return path;
    }

    /** Static files, health and metrics: the same for everybody, so nobody asks who it is. */
    public boolean isSameForAll(String asked) {
        return asked.startsWith(path + "static/") || asked.startsWith(path + "q/");
    }
}

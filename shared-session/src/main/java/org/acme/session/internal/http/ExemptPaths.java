package org.acme.session.internal.http;

import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.acme.session.internal.config.SsoConfig;

/**
 * Where it is enough to know who asks, and fresh tokens are of no use: ending sessions must work while the provider is unavailable,
 * slow, or has taken the refresh token back. The addresses of the shared session itself, and what a service says by {@code
 * sso.refresh.exempt-paths}.
 */
@Singleton
public class ExemptPaths {

    private static final List<String> OURS = List.of(
            "auth/session",
            "auth/sign-off",
            "auth/signed-off",
            "auth/signed-off-here",
            "auth/*/signed-off-here",
            "auth/*/back-channel-logout");

    private static final String ANY_METHOD = "[A-Z]+ ";

    private final String root;
    private final Pattern requests;

    ExemptPaths(SsoConfig config, ServiceRoot root) {
        this.root = root.path();
        this.requests =
                Pattern.compile(Stream.concat(OURS.stream(), config.refresh().exemptPaths().orElse(List.of()).stream())
                        .map(this::pattern)
                        .collect(Collectors.joining("|")));
    }

    private String pattern(String entry) {
        int blank = entry.indexOf(' ');
        String method = blank < 0 ? ANY_METHOD : Pattern.quote(entry.substring(0, blank + 1));
        return method
                + Stream.of((root + entry.substring(blank + 1)).split("/", -1))
                        .map(segment -> segment.equals("*") ? "[^/]+" : Pattern.quote(segment))
                        .collect(Collectors.joining("/"))
                + "/?"; // JAX-RS finds the same resource with a slash behind
    }

    /** @param path normalised, without its query */
    public boolean contain(HttpMethod method, String path) {
        HttpMethod asked = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        return requests.matcher(asked.name() + " " + path).matches();
    }
}

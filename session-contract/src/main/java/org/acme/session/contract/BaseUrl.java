package org.acme.session.contract;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The one address users see. It decides scheme, host and cookie; what a client or a proxy says in headers never does.
 *
 * @param origin scheme and authority as a browser sends it in {@code Origin}: lower case, no default port, no path
 * @param secure whether it is https
 * @param authority host and port, as in {@code Host}
 */
public record BaseUrl(String origin, boolean secure, String authority) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public BaseUrl {
        Objects.requireNonNull(origin);
        Objects.requireNonNull(authority);
    }

    /**
     * @param text such as {@code https://sso.example.org} or {@code http://localhost:8080}
     * @throws IllegalArgumentException with the reason when the text is no such address, or is plain http to anything
     *     but this machine, where anyone on the way could take the session cookie (RFC 6265, section 8.3)
     */
    public static BaseUrl parse(String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw refused(text, "is no URL");
        }
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused(text, "must begin with https:// or, on this machine only, http://");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw refused(text, "must name a host, and no user");
        }
        String path = Optional.ofNullable(uri.getRawPath()).orElse("");
        if (!(path.isEmpty() || path.equals("/")) || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(text, "must have no path, query or fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw refused(text, "must have a port from 1 to 65535, or none");
        }
        boolean secure = scheme.equals("https");
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (!secure && !LOOPBACK.contains(host) && !host.endsWith(".localhost")) {
            throw refused(text, "must be https: with plain http the session cookie could be read on the way");
        }
        int port = uri.getPort() == (secure ? 443 : 80) ? -1 : uri.getPort();
        String authority = port < 0 ? host : host + ":" + port;
        return new BaseUrl(scheme + "://" + authority, secure, authority);
    }

    private static IllegalArgumentException refused(String text, String why) {
        // A text with a user may hold a password.
        String shown = text.contains("@") ? "" : " '" + text + "'";
        return new IllegalArgumentException("The base URL" + shown + " " + why);
    }
}

package org.acme.session.contract;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Name and attributes of the session cookie, as the base URL decides them.
 *
 * @param name {@code sso}, {@code __Host-sso} or {@code __Secure-sso}; the prefixes make the browser refuse a cookie of
 *     that name set without Secure, or, for {@code __Host-}, from another host (RFC 6265bis, section 4.1.3)
 * @param secure whether the browser may send it over https only
 * @param domain the domain whose sub-domains share it; empty for one host
 */
public record SessionCookie(String name, boolean secure, Optional<String> domain) {

    public SessionCookie {
        Objects.requireNonNull(name);
        Objects.requireNonNull(domain);
    }

    /**
     * @param domain cookie domain of a deployment on sub-domains; empty otherwise
     * @throws IllegalArgumentException when a domain is given with plain http, or does not contain the base URL's host
     */
    public static SessionCookie of(BaseUrl baseUrl, Optional<String> domain) {
        if (domain.isEmpty()) {
            return new SessionCookie(baseUrl.secure() ? "__Host-sso" : "sso", baseUrl.secure(), domain);
        }
        if (!baseUrl.secure()) {
            throw new IllegalArgumentException("A cookie domain needs an https base URL");
        }
        String name = domain.get().toLowerCase(Locale.ROOT);
        String host = baseUrl.authority().replaceFirst(":\\d+$", "");
        if (!host.equals(name) && !host.endsWith("." + name)) {
            throw new IllegalArgumentException(
                    "The cookie domain '" + name + "' does not contain the base URL's host '" + host + "'");
        }
        return new SessionCookie("__Secure-sso", true, Optional.of(name));
    }

    /** The Set-Cookie value that gives the browser a signed id. A session cookie: limits are kept on the server. */
    public String set(String signedId) {
        return name + "=" + URLEncoder.encode(signedId, StandardCharsets.UTF_8) + attributes();
    }

    /** The Set-Cookie value that makes the browser drop the cookie. */
    public String clear() {
        return name + "=; Max-Age=0" + attributes();
    }

    /**
     * The Set-Cookie values that make a browser drop cookies of this name that it sends before ours: of a longer path, or older and of
     * another domain (RFC 6265, section 5.4). The first one counts, so whoever has one could not sign in. Nobody is told where a
     * cookie was set, hence each place that a path below {@code root} is sent cookies of; {@code __Host-} has one place only.
     *
     * @param host that sets our cookie, without its port
     * @param root of the service, such as {@code /users/}
     */
    public List<String> clearOthers(String host, String root) {
        if (name.startsWith("__Host-")) {
            return List.of();
        }
        List<String> others = new ArrayList<>();
        for (Optional<String> place : domains(host)) {
            for (String path : paths(root)) {
                if (!place.equals(domain) || !path.equals("/")) {
                    others.add(name + "=; Max-Age=0" + attributes(place, path));
                }
            }
        }
        return others;
    }

    /** None, and with a cookie domain also those from the host up to it, which other settings may have named. */
    private List<Optional<String>> domains(String host) {
        List<Optional<String>> domains = new ArrayList<>(List.of(Optional.empty()));
        domain.ifPresent(ours -> {
            for (String name = host; name.length() > ours.length(); name = name.substring(name.indexOf('.') + 1)) {
                domains.add(Optional.of(name));
            }
            domains.add(domain);
        });
        return domains;
    }

    private static List<String> paths(String root) {
        List<String> paths = new ArrayList<>(List.of("/"));
        for (int slash = root.indexOf('/', 1); slash > 0; slash = root.indexOf('/', slash + 1)) {
            paths.add(root.substring(0, slash));
            paths.add(root.substring(0, slash + 1));
        }
        return paths;
    }

    private String attributes() {
        return attributes(domain, "/");
    }

    private String attributes(Optional<String> where, String path) {
        return where.map(d -> "; Domain=" + d).orElse("")
                + "; Path=" + path + "; HttpOnly"
                + (secure ? "; Secure" : "")
                + "; SameSite=Lax";
    }
}

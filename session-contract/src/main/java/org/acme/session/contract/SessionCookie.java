package org.acme.session.contract;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

    private String attributes() {
        return domain.map(d -> "; Domain=" + d).orElse("")
                + "; Path=/; HttpOnly"
                + (secure ? "; Secure" : "")
                + "; SameSite=Lax";
    }
}

package org.acme.session.internal.forwardauth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.acme.session.SignedInUser;

/**
 * What a guarded application is told of its user (docs/edge.md). Each value is percent-encoded UTF-8: names hold any
 * character, a header does not.
 *
 * @param values by header name
 */
record IdentityHeaders(Map<String, String> values) {

    /** Of all values together, in bytes. Proxies and applications take 8 KB of headers at least, and there are others. */
    static final int MOST_BYTES = 4_000;

    /** Of a name, in characters: it is there to be read, and {@code Sso-Subject} says who it is. */
    static final int LONGEST_NAME = 100;

    /** @param asked the roles that matter to the application; others are not its business */
    static IdentityHeaders of(SignedInUser user, Collection<String> asked) {
        TreeSet<String> roles = new TreeSet<>(user.roles());
        roles.retainAll(asked);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("Sso-Issuer", encoded(user.issuer()));
        values.put("Sso-Subject", encoded(user.subject()));
        values.put("Sso-Name", encoded(shortened(user.name())));
        values.put("Sso-Roles", roles.stream().map(IdentityHeaders::encoded).collect(Collectors.joining(",")));
        return new IdentityHeaders(values);
    }

    /** Whether an application can be expected to take them. */
    boolean fit() {
        return values.values().stream().mapToInt(String::length).sum() <= MOST_BYTES;
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

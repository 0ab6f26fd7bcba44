package org.acme.session.provider;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Claims of a token whose signature somebody else has checked, or that came straight from the token endpoint over a
 * connection that proves who answers (OIDC Core 1.0, section 3.1.3.7, item 6).
 */
final class Claims {

    private static final Set<String> PROFILE =
            Set.of("name", "email", "given_name", "family_name", "locale", "zoneinfo");

    private final JsonObject claims;

    private Claims(JsonObject claims) {
        this.claims = claims;
    }

    /** The claims of a JWT; none for a token that is not one, which a provider may issue (RFC 6749, section 1.4). */
    static Claims of(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return new Claims(new JsonObject());
        }
        try {
            return new Claims(
                    new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException | DecodeException notJson) {
            return new Claims(new JsonObject());
        }
    }

    Optional<String> text(String name) {
        return claims.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A NumericDate (RFC 7519, section 2). */
    Optional<Instant> instant(String name) {
        return claims.getValue(name) instanceof Number seconds
                ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
                : Optional.empty();
    }

    /** The names at a path such as {@code realm_access/roles}; none when there is nothing. */
    Set<String> names(String path) {
        Object value = claims;
        for (String step : path.split("/")) {
            value = value instanceof JsonObject object ? object.getValue(step) : null;
        }
        return value instanceof JsonArray array
                ? array.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /** The claims about a person that a page may show. */
    Map<String, String> profile() {
        Map<String, String> profile = new TreeMap<>();
        PROFILE.forEach(name -> text(name).ifPresent(value -> profile.put(name, value)));
        return profile;
    }
}

package org.acme.session.internal.oidc;

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
import java.util.stream.Stream;

/**
 * Claims of a token whose signature somebody else has checked, or that came straight from the token endpoint over a
 * connection that proves who answers (OIDC Core 1.0, section 3.1.3.7, item 6).
 */
public final class Claims {

    private static final Set<String> PROFILE =
            Set.of("name", "email", "given_name", "family_name", "locale", "zoneinfo");

    /** The end of the year 9999, in seconds since 1970. */
    private static final long LATEST = 253_402_300_799L;

    private final JsonObject claims;

    private Claims(JsonObject claims) {
        this.claims = claims;
    }

    /** What a provider answered. */
    static Claims of(JsonObject answer) {
        return new Claims(answer);
    }

    /** The claims of a JWT; none for a token that is not one, which a provider may issue (RFC 6749, section 1.4). */
    public static Claims of(String token) {
        return part(token, 1);
    }

    /** The header of a JWT; nothing for a token that is not one. */
    public static Claims header(String token) {
        return part(token, 0);
    }

    private static Claims part(String token, int number) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return new Claims(new JsonObject());
        }
        try {
            return new Claims(
                    new JsonObject(new String(Base64.getUrlDecoder().decode(parts[number]), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException | DecodeException notJson) {
            return new Claims(new JsonObject());
        }
    }

    public boolean isEmpty() {
        return claims.isEmpty();
    }

    public Optional<String> text(String name) {
        return claims.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A text or a number as text: subjects are numbers with some. Empty also for a blank, which names nobody. */
    public Optional<String> word(String name) {
        return claims.getValue(name) instanceof Number number
                ? Optional.of(number.toString())
                : text(name).filter(word -> !word.isBlank());
    }

    /** A NumericDate (RFC 7519, section 2); empty for one that no clock will show. */
    public Optional<Instant> instant(String name) {
        return claims.getValue(name) instanceof Number seconds
                        && seconds.doubleValue() >= 0
                        && seconds.doubleValue() <= LATEST
                ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
                : Optional.empty();
    }

    /**
     * The names at a path such as {@code realm_access/roles}: a list, or one name alone; none when there is nothing. A claim whose name
     * is the whole path comes first: some providers name their claims by URLs.
     */
    public Set<String> names(String path) {
        Object value = claims.containsKey(path) ? claims.getValue(path) : at(path);
        if (value instanceof String name) {
            return Set.of(name);
        }
        return value instanceof JsonArray array
                ? array.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private Object at(String path) {
        Object value = claims;
        for (String step : path.split("/")) {
            value = value instanceof JsonObject object ? object.getValue(step) : null;
        }
        return value;
    }

    /** The scopes of an access token: one text, blanks between (RFC 8693, section 4.2), or a list of them. */
    public Set<String> scopes() {
        return names("scope").stream()
                .flatMap(some -> Stream.of(some.split(" +")))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What a person is called; nobody is called nothing. */
    public Optional<String> personName() {
        return Stream.of("preferred_username", "name")
                .map(this::text)
                .flatMap(Optional::stream)
                .filter(name -> !name.isBlank())
                .findFirst();
    }

    /** The claims about a person that a page may show. */
    public Map<String, String> profile() {
        return profile(Map.of());
    }

    /** The same over what was said before: what is left out now stays, what is null now goes. */
    Map<String, String> profile(Map<String, String> before) {
        Map<String, String> profile = new TreeMap<>(before);
        for (String name : PROFILE) {
            text(name).ifPresent(value -> profile.put(name, value));
            if (claims.containsKey(name) && claims.getValue(name) == null) {
                profile.remove(name);
            }
        }
        return profile;
    }
}

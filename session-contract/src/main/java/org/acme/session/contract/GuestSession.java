package org.acme.session.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A session that a guest began: what stock Passport left in Express' key, and nothing of ours. Whoever can write that key
 * can write anything, so what is read from it is what a guest may say at most.
 *
 * @param issuer {@code passport.user.issuer}
 * @param subject {@code passport.user.subject}
 * @param name {@code passport.user.name}, else the subject
 * @param roles {@code passport.user.roles}, not filtered yet
 * @param until {@code sso.until}, the absolute end. A guest has to name it, for a session of ours whose record has reached
 *     its end looks the same otherwise
 */
public record GuestSession(String issuer, String subject, String name, Set<String> roles, Instant until) {

    private static final int LONGEST_JSON = 64 * 1024;
    private static final int LONGEST_TEXT = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    public GuestSession {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(name);
        Objects.requireNonNull(until);
        roles = Set.copyOf(roles);
    }

    /** @return empty when nobody is signed in there, it names no end, or it cannot be read */
    public static Optional<GuestSession> read(String json) {
        if (json.length() > LONGEST_JSON) {
            return Optional.empty();
        }
        try {
            JsonNode session = JSON.readTree(json);
            JsonNode user = session.path("passport").path("user");
            Optional<String> issuer = text(user.path("issuer"));
            Optional<String> subject = text(user.path("subject"));
            JsonNode until = session.path("sso").path("until");
            return !until.isIntegralNumber() || !until.canConvertToLong() || issuer.isEmpty() || subject.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new GuestSession(
                            issuer.get(),
                            subject.get(),
                            text(user.path("name")).orElse(subject.get()),
                            roles(user.path("roles")),
                            Instant.ofEpochMilli(until.longValue())));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    private static Set<String> roles(JsonNode roles) {
        return StreamSupport.stream(roles.spliterator(), false)
                .map(GuestSession::text)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> text(JsonNode node) {
        String text = node.isTextual() ? node.textValue() : "";
        return text.isEmpty() || text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0
                ? Optional.empty()
                : Optional.of(text);
    }

    /**
     * Whom a member knows by it. It has no session at the provider that we could end, and no tokens.
     *
     * @param provider name of the provider that has that issuer
     * @param allowed the roles that a guest may grant
     */
    public Identity identity(String provider, Set<String> allowed) {
        return new Identity(
                provider,
                issuer,
                subject,
                Optional.empty(),
                name,
                roles.stream().filter(allowed::contains).collect(Collectors.toUnmodifiableSet()),
                Map.of());
    }
}

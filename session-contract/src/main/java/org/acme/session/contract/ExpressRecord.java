package org.acme.session.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What our side reads from and writes to Express' key {@code sess:<id>}. It belongs to Express: any guest may rewrite it
 * whole, so only who the user is is read from it, and compared with the record.
 *
 * @param issuer {@code passport.user.issuer}
 * @param subject {@code passport.user.subject}
 */
public record ExpressRecord(String issuer, String subject) {

    /** What a guest wrote is written again as it was: any number, and half of a character that takes two. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    public ExpressRecord {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
    }

    /**
     * The JSON of a new session. {@code cookie.originalMaxAge} is null: a guest that touches takes its ttl from
     * {@code sso.until}, not from the cookie.
     */
    public static String write(Identity identity, Instant until, boolean secure) {
        ObjectNode session = JSON.createObjectNode();
        ObjectNode cookie =
                session.putObject("cookie").putNull("originalMaxAge").putNull("expires");
        if (secure) {
            cookie.put("secure", true);
        }
        cookie.put("httpOnly", true).put("path", "/").put("sameSite", "lax");
        ObjectNode user = session.putObject("passport")
                .putObject("user")
                .put("issuer", identity.issuer())
                .put("subject", identity.subject())
                .put("name", identity.name());
        identity.roles().stream().sorted().forEach(user.putArray("roles")::add);
        session.putObject("sso").put("until", until.toEpochMilli());
        return session.toString();
    }

    /**
     * The JSON with the name and the roles that a user has now, all else as a guest left it; empty when it says so already, is
     * another user's, or cannot be read.
     */
    public static Optional<String> saying(String json, Identity now) {
        try {
            JsonNode session = JSON.readTree(json);
            if (!(session.path("passport").path("user") instanceof ObjectNode user)
                    || !user.path("issuer").asText().equals(now.issuer())
                    || !user.path("subject").asText().equals(now.subject())) {
                return Optional.empty();
            }
            ObjectNode before = user.deepCopy();
            user.put("name", now.name());
            now.roles().stream().sorted().forEach(user.putArray("roles")::add);
            return user.equals(before) ? Optional.empty() : Optional.of(JSON.writeValueAsString(session));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /** @throws DamagedRecordException when it is not JSON or names no user */
    public static ExpressRecord read(String json) {
        try {
            JsonNode user = JSON.readTree(json).path("passport").path("user");
            JsonNode issuer = user.path("issuer");
            JsonNode subject = user.path("subject");
            if (!issuer.isTextual() || !subject.isTextual()) {
                throw new DamagedRecordException("passport.user names no issuer and subject");
            }
            return new ExpressRecord(issuer.textValue(), subject.textValue());
        } catch (JsonProcessingException e) {
            throw new DamagedRecordException("sess: is not JSON");
        }
    }

    boolean isOf(Identity identity) {
        return issuer.equals(identity.issuer()) && subject.equals(identity.subject());
    }
}

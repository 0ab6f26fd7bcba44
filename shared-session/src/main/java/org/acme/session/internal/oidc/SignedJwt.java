package org.acme.session.internal.oidc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The form of a signed JWT in compact serialization (RFC 7515, section 7.1; RFC 7519): what must hold before anybody is asked who
 * signed it. What has another form is no trouble of the provider's, whoever stumbles over it.
 *
 * @param header its header
 * @param claims its claims, which nobody has verified
 */
public record SignedJwt(Map<String, Object> header, Map<String, Object> claims) {

    /** As much as a request's header has room for: a user with 1,000 roles has such tokens. */
    public static final int MOST_CHARACTERS = 128 * 1024;

    /** Deeper than any token of any provider, less than what costs time. */
    private static final int DEEPEST = 32;

    /** Texts, where they are there: libraries cast them. */
    private static final List<String> TEXTS = List.of("alg", "kid", "typ", "cty", "x5t", "x5t#S256", "x5u", "jku");

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** RFC 7515, section 4: a member that comes twice is refused, or two readers could read different things. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Empty for anything else. Never fails. */
    public static Optional<SignedJwt> read(String token) {
        Optional<Map<String, Object>> header = header(token);
        return header.isEmpty()
                ? Optional.empty()
                : object(token.split("\\.", -1)[1]).map(claims -> new SignedJwt(header.get(), claims));
    }

    /** The header of what has three parts, and a header that says with text values how it is signed. Never fails. */
    public static Optional<Map<String, Object>> header(String token) {
        if (token.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        String[] parts = token.split("\\.", -1);
        return parts.length == 3
                ? object(parts[0]).filter(header -> header.get("alg") != null).filter(SignedJwt::hasTexts)
                : Optional.empty();
    }

    private static boolean hasTexts(Map<String, Object> header) {
        return TEXTS.stream().allMatch(name -> !header.containsKey(name) || header.get(name) instanceof String);
    }

    private static Optional<Map<String, Object>> object(String part) {
        try {
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(part)))
                    .toString();
            return Optional.ofNullable(JSON.readValue(json, OBJECT));
        } catch (IllegalArgumentException | CharacterCodingException | JsonProcessingException noObject) {
            return Optional.empty();
        }
    }
}

package org.acme.member;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;

/** The OpenID provider: code flow with PKCE, refresh, logout. */
final class Provider {

    static final String NAME = "keycloak";

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Set<String> PROFILE =
            Set.of("name", "email", "given_name", "family_name", "preferred_username");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code invalid_grant}: this refresh token will never work (RFC 6749, section 5.2). */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Another error of OAuth: no retry will help, but a new sign-in may. */
    static final class UselessException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What a callback is checked against. */
    record Pending(String state, String nonce, String verifier) {
        static Pending random() {
            return new Pending(
                    SessionId.random().value(),
                    SessionId.random().value(),
                    SessionId.random().value());
        }
    }

    /** New tokens, the roles that they grant, and what the ID token among them says. */
    record Grant(Tokens tokens, Set<String> roles, Optional<JsonNode> id) {

        /** A session as it is with them: what they do not say stays as it was. */
        SessionRecord said(SessionRecord before) {
            Identity user = before.identity();
            Map<String, String> profile = new TreeMap<>(user.profile());
            id.ifPresent(claims -> profile.putAll(profile(claims)));
            String name = id.map(claims -> claims.path("preferred_username").asText(user.name()))
                    .orElse(user.name());
            return before.refreshed(tokens, user.saying(name, roles, profile))
                    .authenticated(id.flatMap(Provider::authenticatedAt).or(before::authenticatedAt), before.acr());
        }
    }

    /**
     * @param issuedAt by the provider's clock
     * @param authenticatedAt when the user last proved who they are; empty when the provider does not say
     */
    record SignedIn(Identity identity, Tokens tokens, Instant issuedAt, Optional<Instant> authenticatedAt) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String url;
    private final String clientId;
    private final String secret;
    private final String callback;
    private final JsonNode metadata;

    /** @param url how we reach it; its issuer may be another, public address */
    Provider(String url, String clientId, String secret, String callback) {
        this.url = url;
        this.clientId = clientId;
        this.secret = secret;
        this.callback = callback;
        this.metadata = json(send(HttpRequest.newBuilder(URI.create(url + "/.well-known/openid-configuration"))));
    }

    /** Where the browser signs in. */
    String start(Pending pending) {
        return metadata.path("authorization_endpoint").asText() + "?"
                + form(Map.of(
                        "response_type",
                        "code",
                        "client_id",
                        clientId,
                        "redirect_uri",
                        callback,
                        "scope",
                        "openid profile email",
                        "state",
                        pending.state(),
                        "nonce",
                        pending.nonce(),
                        "code_challenge_method",
                        "S256",
                        "code_challenge",
                        challenge(pending.verifier())));
    }

    /** Exchanges a callback's code for the user. */
    SignedIn finish(String code, Pending pending) throws RefusedException {
        Grant granted = ask(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                callback,
                "code_verifier",
                pending.verifier()));
        // The ID token came straight from the token endpoint, which vouches for it (OIDC Core 1.0, section 3.1.3.7,
        // item 6).
        JsonNode id = granted.id().orElseThrow(RefusedException::new);
        Set<String> audience = texts(id.path("aud"));
        boolean good = id.path("sub").isTextual()
                && id.path("iss").asText().equals(issuer())
                && audience.contains(clientId)
                && id.path("azp").asText(clientId).equals(clientId)
                && id.path("nonce").asText().equals(pending.nonce())
                && Instant.ofEpochSecond(id.path("exp").asLong()).plus(SKEW).isAfter(Instant.now());
        if (!good) {
            throw new RefusedException();
        }
        String subject = id.path("sub").asText();
        Identity identity = new Identity(
                NAME,
                issuer(),
                subject,
                Optional.ofNullable(id.path("sid").textValue()),
                id.path("preferred_username").asText(subject),
                granted.roles(),
                profile(id));
        return new SignedIn(
                identity, granted.tokens(), Instant.ofEpochSecond(id.path("iat").asLong()), authenticatedAt(id));
    }

    private static Map<String, String> profile(JsonNode id) {
        Map<String, String> profile = new TreeMap<>();
        PROFILE.stream()
                .filter(id::hasNonNull)
                .forEach(name -> profile.put(name, id.path(name).asText()));
        return profile;
    }

    private static Optional<Instant> authenticatedAt(JsonNode id) {
        return Optional.of(id.path("auth_time"))
                .filter(JsonNode::isIntegralNumber)
                .map(time -> Instant.ofEpochSecond(time.asLong()));
    }

    /** Asks once. After an {@link UnavailableException} nothing is known about the refresh token. */
    Grant refresh(SessionRecord session) throws RefusedException {
        Grant granted = ask(Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                session.tokens().refresh().orElseThrow()));
        Identity before = session.identity();
        boolean sameUser = granted.id()
                .map(id -> id.path("iss").asText().equals(before.issuer())
                        && id.path("sub").asText().equals(before.subject()))
                .orElse(true);
        if (!sameUser) {
            throw new RefusedException();
        }
        return granted;
    }

    void endSession(String refreshToken) {
        // Browser endpoints are named by the public address; we ask the same path at ours.
        String address = metadata.path("end_session_endpoint").asText().replace(issuer() + "/", url + "/");
        if (post(address, Map.of("refresh_token", refreshToken)).statusCode() >= 300) {
            throw new UnavailableException("The provider did not end its session", null);
        }
    }

    String issuer() {
        return metadata.path("issuer").asText();
    }

    private Grant ask(Map<String, String> parameters) throws RefusedException {
        HttpResponse<String> answer = post(metadata.path("token_endpoint").asText(), parameters);
        JsonNode said = json(answer);
        if (said.path("error").asText().equals("invalid_grant")) {
            throw new RefusedException();
        }
        int status = answer.statusCode();
        if (said.path("error").isTextual() && status >= 400 && status < 500 && status != 408 && status != 429) {
            throw new UselessException();
        }
        if (status != 200 || !said.path("access_token").isTextual()) {
            throw new UnavailableException("The token endpoint answered " + status, null);
        }
        String access = said.path("access_token").asText();
        Tokens tokens = new Tokens(
                access,
                Instant.now().plusSeconds(said.path("expires_in").asLong(60)),
                Optional.ofNullable(said.path("refresh_token").textValue()));
        return new Grant(
                tokens,
                texts(claims(access).path("realm_access").path("roles")),
                Optional.ofNullable(said.path("id_token").textValue()).map(Provider::claims));
    }

    private HttpResponse<String> post(String address, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("client_id", clientId);
        all.put("client_secret", secret);
        return send(HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(all))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UnavailableException("The provider could not be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted", e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UnavailableException("The provider answered " + answer.statusCode(), e);
        }
    }

    private static JsonNode claims(String jwt) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
        } catch (IOException | RuntimeException e) {
            throw new UnavailableException("The provider's token is no JWT", null);
        }
    }

    /** Empty of a token that does not say. */
    static Optional<Instant> issuedAt(String jwt) {
        try {
            return Optional.of(claims(jwt).path("iat"))
                    .filter(JsonNode::isIntegralNumber)
                    .map(time -> Instant.ofEpochSecond(time.asLong()));
        } catch (UnavailableException noJwt) {
            return Optional.empty();
        }
    }

    private static Set<String> texts(JsonNode oneOrMany) {
        Set<String> texts = new TreeSet<>();
        if (oneOrMany.isTextual()) {
            texts.add(oneOrMany.asText());
        }
        oneOrMany.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

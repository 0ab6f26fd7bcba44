package org.acme.e2e.observers;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;

/**
 * The code flow of one client with Keycloak's login form, step by step: the tokens as that client gets them, which no service
 * ever shows.
 *
 * @param origin Keycloak's, as browsers know it
 * @param secret of the client; empty for a public one
 */
public record CodeFlow(String origin, String client, String secret, String redirectUri) {

    private static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more-for-tests";
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

    /** What the account pages of that Keycloak do when somebody opens them. */
    public static CodeFlow ofTheAccountPages(String origin) {
        return new CodeFlow(origin, "account-console", "", origin + "/realms/sso/account/");
    }

    /** Signs that user in, and returns the token endpoint's answer. */
    public JsonNode tokens(String user) {
        Visitor visitor = new Visitor(origin);
        Answer login = visitor.get(authorization(Map.of()), Visitor.NAVIGATION);
        URI callback = visitor.submit(login, user).location();
        Matcher code = CODE.matcher(callback.toString());
        if (!code.find()) {
            throw new AssertionError("No code in " + callback.getPath());
        }
        Map<String, String> form = new TreeMap<>(Map.of(
                "grant_type", "authorization_code",
                "client_id", client,
                "redirect_uri", redirectUri,
                "code_verifier", VERIFIER,
                "code", code.group(1)));
        if (!secret.isEmpty()) {
            form.put("client_secret", secret);
        }
        Answer answer = visitor.post(
                "/realms/sso/protocol/openid-connect/token", "application/x-www-form-urlencoded", query(form));
        if (answer.status() != 200) {
            throw new AssertionError("No tokens: " + answer);
        }
        JsonNode tokens = answer.json();
        tokens.properties().stream()
                .filter(field -> field.getKey().endsWith("_token"))
                .forEach(field -> Canaries.note(field.getKey(), field.getValue().asText()));
        return tokens;
    }

    /** The address at which the flow begins, with some of its parameters changed; a value of "" leaves one out. */
    public String authorization(Map<String, String> changes) {
        Map<String, String> parameters = new TreeMap<>(Map.of(
                "client_id", client,
                "redirect_uri", redirectUri,
                "response_type", "code",
                "scope", "openid",
                "state", "a-state",
                "nonce", "a-nonce",
                "code_challenge", challenge(),
                "code_challenge_method", "S256"));
        parameters.putAll(changes);
        parameters.values().removeIf(String::isEmpty);
        return origin + "/realms/sso/protocol/openid-connect/auth?" + query(parameters);
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + Visitor.encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String challenge() {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

package org.acme.session.internal.oidc;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.acme.session.internal.http.StepUpRequirement;

/**
 * What a callback has to know of the sign-in that it ends.
 *
 * @param id names the sign-in within its browser; no secret
 * @param secretHash SHA-256 of the secret that the browser keeps until the callback ({@link BrowserBinding})
 * @param begun when the browser was sent to the provider, by our clock
 * @param codeFlow what quarkus-oidc would have kept in its state cookie: its own state, nonce and PKCE verifier
 * @param link where the browser goes on when it has signed in, a path of this site
 * @param asked what was asked of this sign-in (OIDC Core 1.0, section 3.1.2.1); empty for any sign-in
 * @param again whether this is the second try, after which there is no third
 */
public record SignInState(
        String id,
        String secretHash,
        Instant begun,
        String codeFlow,
        String link,
        Optional<StepUpRequirement> asked,
        boolean again) {

    private static final String KEY = SignInState.class.getName();

    /** The sign-in that a callback ends; empty where there is none. */
    public static Optional<SignInState> of(RoutingContext callback) {
        return Optional.ofNullable(callback.get(KEY));
    }

    void putInto(RoutingContext callback) {
        callback.put(KEY, this);
    }

    /** The state that quarkus-oidc compares with the callback's. */
    String codeFlowState() {
        int end = codeFlow.indexOf('|');
        return end < 0 ? codeFlow : codeFlow.substring(0, end);
    }

    String json() {
        JsonObject json = new JsonObject()
                .put("id", id)
                .put("hash", secretHash)
                .put("at", begun.getEpochSecond())
                .put("flow", codeFlow)
                .put("link", link);
        asked.ifPresent(wanted -> json.put("asked", new JsonObject(new LinkedHashMap<>(wanted.parameters()))));
        return (again ? json.put("again", true) : json).encode();
    }

    /** @throws RuntimeException when it was not written by {@link #json()} */
    static SignInState read(String text) {
        JsonObject json = new JsonObject(text);
        return new SignInState(
                json.getString("id"),
                json.getString("hash"),
                Instant.ofEpochSecond(json.getLong("at")),
                json.getString("flow"),
                json.getString("link"),
                Optional.ofNullable(json.getJsonObject("asked")).map(SignInState::stepUp),
                json.getBoolean("again", false));
    }

    private static StepUpRequirement stepUp(JsonObject parameters) {
        Map<String, String> texts = new LinkedHashMap<>();
        parameters.forEach(
                parameter -> texts.put(parameter.getKey(), parameter.getValue().toString()));
        return StepUpRequirement.of(texts);
    }
}

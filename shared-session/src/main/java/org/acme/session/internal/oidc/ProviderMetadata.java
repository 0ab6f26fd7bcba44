package org.acme.session.internal.oidc;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** What a provider says about itself (OpenID Connect Discovery 1.0, section 3), if it says what is needed. */
final class ProviderMetadata {

    private static final Set<String> NEEDED = Set.of("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri");

    private static final Set<String> WELCOME =
            Set.of("userinfo_endpoint", "introspection_endpoint", "end_session_endpoint", "revocation_endpoint");

    private ProviderMetadata() {}

    /**
     * Half of it would be a sign-in at {@code null}, or an issuer that nobody checks.
     *
     * @param body what it sent; empty when that is no JSON object
     * @return the same without optional addresses that are none
     * @throws ProviderUnavailableException when something needed is missing or no address
     */
    static JsonObject read(int status, Optional<JsonObject> body) {
        if (status != 200 || body.isEmpty()) {
            throw new ProviderUnavailableException("its metadata cannot be read: status " + status);
        }
        JsonObject found = body.get().copy();
        for (String name : NEEDED) {
            if (!isAddress(found.getValue(name))) {
                throw new ProviderUnavailableException("its metadata has no " + name);
            }
        }
        WELCOME.stream().filter(name -> !isAddress(found.getValue(name))).forEach(found::remove);
        return found;
    }

    private static boolean isAddress(Object value) {
        if (!(value instanceof String text)) {
            return false;
        }
        try {
            URI address = URI.create(text);
            return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getRawFragment() == null;
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }
}

package org.acme.session.internal.oidc;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What a userinfo endpoint's answer means (OIDC Core 1.0, section 5.3; RFC 6750, section 3.1). */
final class UserInfoResponse {

    private UserInfoResponse() {}

    /**
     * @param challenge {@code WWW-Authenticate}; null for none
     * @param body empty when it is no JSON object
     * @return whose the access token is; empty when it is refused
     * @throws ProviderUnavailableException when that cannot be told
     */
    static Optional<JsonObject> of(int status, String challenge, Optional<JsonObject> body) {
        // 403 is that of an access token without the scope openid. (GitHub says 403 to who asks too often.)
        boolean refused =
                status == 401 || status == 403 && String.valueOf(challenge).contains("insufficient_scope");
        if (refused) {
            return Optional.empty();
        }
        if (status != 200 || body.isEmpty()) {
            throw new ProviderUnavailableException("userinfo cannot be read: status " + status);
        }
        return body;
    }
}

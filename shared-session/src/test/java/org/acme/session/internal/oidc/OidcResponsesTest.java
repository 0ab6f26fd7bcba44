package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.oidc.common.OidcRequestContextProperties;
import io.quarkus.oidc.common.OidcResponseFilter.OidcResponseFilterContext;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.Map;
import org.acme.session.internal.config.TestConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OidcResponsesTest {

    @ParameterizedTest
    @DisplayName("A6: what a service's own client is told reaches that client as it was said")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    200 | {"access_token":"own","expires_in":60}
                    401 | {"error":"unauthorized_client"}
                    503 | away
                    """)
    void ownTokens(int status, String body) {
        OidcResponseFilterContext answer = new OidcResponseFilterContext(
                new OidcRequestContextProperties(Map.of()),
                status,
                MultiMap.caseInsensitiveMultiMap(),
                Buffer.buffer(body));
        new OidcResponses.Tokens(TestConfig.with()).filter(answer).await().indefinitely();
        assertEquals(body, answer.responseBody().toString());
    }
}

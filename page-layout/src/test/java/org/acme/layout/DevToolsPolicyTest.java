package org.acme.layout;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What services built in dev mode have; {@link LayoutTest} asks the others. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(DevToolsPolicyTest.DevMode.class)
class DevToolsPolicyTest {

    public static class DevMode implements QuarkusTestProfile {

        @Override
        public String getConfigProfile() {
            return "dev";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/dev-ui", "/q/dev-ui/welcome", "/q/swagger-ui/"})
    @DisplayName("Dev UI and Swagger UI may use inline scripts, by one policy")
    void toolsWork(String path) {
        assertEquals(
                1,
                given().get(path)
                        .then()
                        .header("Content-Security-Policy", containsString("'unsafe-inline'"))
                        .extract()
                        .headers()
                        .getList("Content-Security-Policy")
                        .size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/private", "/q/health", "/q/dev-uix", "/x?/q/dev-ui/"})
    @DisplayName("E3 in dev mode, too, no page may use them")
    void pagesDoNot(String path) {
        given().urlEncodingEnabled(false)
                .redirects()
                .follow(false)
                .get(path)
                .then()
                .header(
                        "Content-Security-Policy",
                        allOf(containsString("default-src 'none'"), not(containsString("unsafe"))));
    }

    @Test
    @DisplayName("A path is read as the router reads it")
    void dotsLeadNowhere() {
        given().urlEncodingEnabled(false)
                .get("/q/dev-ui/../health")
                .then()
                .header("Content-Security-Policy", containsString("default-src 'none'"));
    }
}

package org.acme.session.internal.bearer;

import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.send;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.acme.session.notes.TokenProvider;
import org.acme.session.testing.LogLines;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bearer tokens that anybody can write. Those without a known key have the provider's keys read again, now and then. */
@QuarkusTest
@TestProfile(UnsignedTokensTest.Profile.class)
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = TokenProvider.class, restrictToAnnotatedClass = true)
class UnsignedTokensTest {

    public static final class Profile implements QuarkusTestProfile {}

    static Stream<String> nobodySigned() {
        String claims =
                "{\"iss\":\"%s\",\"sub\":\"mallory\",\"aud\":\"notes-service\",\"typ\":\"Bearer\",\"iat\":1,\"exp\":%s%s}";
        String good = claims.formatted("http://provider.test", "4102444800", "");
        String rs = "{\"alg\":\"RS256\",\"kid\":\"ours\"}";
        String deep = "[".repeat(500) + "]".repeat(500);
        return Stream.of(
                        Stream.of(
                                        "1e18",
                                        "1e999",
                                        "9223372036854775807",
                                        "99999999999999999999999",
                                        "-1",
                                        "-1e18",
                                        "0",
                                        "\"4102444800\"",
                                        "\"never\"",
                                        "null",
                                        "true",
                                        "[]",
                                        "{}",
                                        "4102444800.5")
                                .map(exp -> jwt(rs, claims.formatted("http://provider.test", exp, ""))),
                        Stream.of(
                                        "\"scope\":\"a a\"",
                                        "\"scope\":[\"a\",\"a\",7]",
                                        "\"scope\":7",
                                        "\"scope\":{}",
                                        "\"scope\":\"  \"",
                                        "\"sub\":\"twice\"",
                                        "\"aud\":7",
                                        "\"aud\":[null,7,\"notes-service\"]",
                                        "\"aud\":{\"notes-service\":1}",
                                        "\"iat\":1e18",
                                        "\"iat\":\"x\"",
                                        "\"nbf\":1e18",
                                        "\"auth_time\":1e18",
                                        "\"auth_time\":\"x\"",
                                        "\"acr\":7",
                                        "\"sid\":[]",
                                        "\"iss\":7",
                                        "\"realm_access\":\"x\"",
                                        "\"realm_access\":{\"roles\":[null,{},7]}",
                                        "\"deep\":" + deep)
                                .map(more ->
                                        jwt(rs, claims.formatted("http://provider.test", "4102444800", "," + more))),
                        Stream.of(
                                        "{}",
                                        "null",
                                        "[]",
                                        "7",
                                        "\"RS256\"",
                                        "not JSON",
                                        "",
                                        "{\"alg\":null}",
                                        "{\"alg\":7}",
                                        "{\"alg\":[\"RS256\"]}",
                                        "{\"alg\":{}}",
                                        "{\"alg\":\"\"}",
                                        "{\"alg\":\"none\"}",
                                        "{\"alg\":\"NONE\"}",
                                        "{\"alg\":\"HS256\"}",
                                        "{\"alg\":\"HS256\",\"kid\":\"ours\"}",
                                        "{\"alg\":\"RS999\"}",
                                        "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                                        "{\"alg\":\"RS256\",\"kid\":7}",
                                        "{\"alg\":\"RS256\",\"kid\":null}",
                                        "{\"alg\":\"RS256\",\"kid\":[\"ours\"]}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"typ\":7}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"typ\":{}}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"cty\":7}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"crit\":7}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"crit\":\"exp\"}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"crit\":[7]}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"crit\":[\"exp\"]}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"crit\":{}}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"b64\":false,\"crit\":[\"b64\"]}",
                                        "{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"ours\"}",
                                        "{\"alg\":\"RS256\",\"x5t\":7}",
                                        "{\"alg\":\"RS256\",\"x5t#S256\":[]}",
                                        "{\"alg\":\"RS256\",\"x5c\":7}",
                                        "{\"alg\":\"ES256\",\"kid\":\"ours\"}",
                                        "{\"alg\":\"EdDSA\",\"kid\":\"ours\"}",
                                        "{\"alg\":\"PS256\",\"kid\":\"ours\"}",
                                        "{\"alg\":\"RS256\",\"jwk\":7}",
                                        "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"}}",
                                        "{\"alg\":\"RS256\",\"jku\":\"http://127.0.0.1:1/\"}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"zip\":\"DEF\"}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\",\"x\":" + deep + "}",
                                        "{\"alg\":\"RS256\",\"kid\":\"ours\"} {}",
                                        "{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(3000) + "\"}")
                                .map(header -> jwt(header, good)),
                        Stream.of("null", "[]", "7", "", "{", "{\"a\":1}", "{} {}", "\uD800")
                                .map(payload -> jwt(rs, payload)),
                        Stream.of(
                                part(rs) + "." + part(good),
                                jwt(rs, good) + ".x.y",
                                part(rs) + "." + part(good) + ".",
                                "." + part(good) + ".x",
                                part(rs) + "..x",
                                "..",
                                "...",
                                "....",
                                ".",
                                "-",
                                "~",
                                part(rs) + "." + part(good) + ".=",
                                part(rs) + "." + Base64.getUrlEncoder().encodeToString(new byte[] {(byte) 0xC3, 0x28})
                                        + ".x",
                                part(rs) + "." + part(good) + "." + "A".repeat(9000)))
                .flatMap(tokens -> tokens);
    }

    private static String jwt(String header, String claims) {
        return part(header) + "." + part(claims) + ".c2lnbmVkLWJ5LW5vYm9keQ";
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("nobodySigned")
    @DisplayName("F44 A8: a token that nobody signed is 401, or 400 where it is none, with one line of log at most")
    void tokensThatNobodySigned(String token) {
        try (LogLines log = LogLines.ofAll()) {
            for (String path : List.of("api/whose", "service/notes", "service/session")) {
                HttpResponse<String> answer = path.equals("service/session")
                        ? send(
                                "POST",
                                path,
                                null,
                                "{\"cookie\":\"x\"}",
                                "Authorization",
                                "Bearer " + token,
                                "Content-Type",
                                "application/json")
                        : get(path, null, "Authorization", "Bearer " + token);
                if (answer.statusCode() != 400) {
                    BearerContract.assertRefused(answer, 401, "invalid_token");
                }
            }
            assertTrue(log.lines().size() <= 3, log.lines().toString());
        }
    }
}

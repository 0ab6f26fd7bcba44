package org.acme.session.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTokenTest {

    @ParameterizedTest
    @CsvSource({
        "http://users:8080/users/api/people, true",
        "http://users:8080/users/, true",
        "http://users:8080/users, false",
        "http://users:8080/users-too/api, false",
        "http://users:8080/users/../admin, false",
        "http://users:8080/users/%2E%2e/admin, false",
        "http://users:8081/users/api, false",
        "https://users:8080/users/api, false",
        "http://users.evil.test:8080/users/api, false",
        "http://users:8080@evil.test/users/api, false",
        "http://me@users:8080/users/api, false",
        "mailto:users, false"
    })
    @DisplayName("A7 a caller's token goes to the addresses below an allowed one, and nowhere else")
    void onlyBelowAnAllowedAddress(URI target, boolean allowed) {
        assertEquals(allowed, RequestToken.isBelow(URI.create("http://users:8080/users/"), target));
        assertEquals(allowed, RequestToken.isBelow(URI.create("http://users:8080/users"), target));
    }
}

package org.acme.e2e.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class CookieJarTest {

    private static final URI CALLBACK = URI.create("http://localhost:18080/users/auth/keycloak/callback");

    private final CookieJar jar = new CookieJar();

    @Test
    void sendsACookieToItsPathOnly() {
        jar.store(CALLBACK, List.of("q=1; Path=/users/auth; HttpOnly", "sso=2; Path=/", "k=3"));

        assertThat(jar.header(CALLBACK)).contains("k=3; q=1; sso=2");
        assertThat(jar.header(URI.create("http://localhost:18080/users/authors")))
                .contains("sso=2");
    }

    @Test
    void removesWhatExpires() {
        jar.store(CALLBACK, List.of("a=1; Path=/", "b=2; Path=/", "c=3; Path=/"));
        jar.store(
                CALLBACK,
                List.of(
                        "a=; Path=/; Max-Age=0",
                        "b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                        "c=; Path=/users; Max-Age=0"));

        assertThat(jar.header(CALLBACK)).contains("c=3");
    }
}

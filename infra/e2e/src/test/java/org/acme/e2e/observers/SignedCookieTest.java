package org.acme.e2e.observers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignedCookieTest {

    @Test
    void signsAsCookieSignatureDoes() {
        // cookie-signature's own test
        assertThat("hello." + SignedCookie.mac("hello", "tobiiscool"))
                .isEqualTo("hello.DGDUkGlIkCzPz+C0B064FNgHdEjox7ch8tOBGslZ5QI");
    }

    @Test
    void takesApartWhatItMade() {
        String id = SignedCookie.freshId();
        String value = SignedCookie.of(id, "secret");

        assertThat(value).startsWith("s%3A" + id + ".").doesNotContain("+", "/", "=");
        assertThat(SignedCookie.looksSigned(value)).isTrue();
        assertThat(SignedCookie.idOf(value)).isEqualTo(id).hasSize(43);
        assertThat(SignedCookie.looksSigned("q_state")).isFalse();
    }
}

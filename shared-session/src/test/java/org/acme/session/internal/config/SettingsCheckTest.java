package org.acme.session.internal.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCheckTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session.idle-timeout               | 0s       | must be longer than zero",
                "session.idle-timeout               | 9h       | must not be longer than sso.session.absolute-timeout (PT8H)",
                "session.absolute-timeout           | 29m      | must not be longer than sso.session.absolute-timeout (PT29M)",
                "session.touch-interval             | PT-1S    | must not be negative",
                "session.touch-interval             | 30m      | must be shorter than sso.session.idle-timeout (PT30M)",
                "session.max-per-user               | 0        | must be at least 1",
                "session.max-access-token-lifetime  | 0s       | must be longer than zero",
                "cache.max-size                     | 0        | must be at least 1",
                "cache.max-size                     | -5       | must be at least 1",
                "cache.ttl                          | 0s       | must be longer than zero",
                "cache.ttl                          | 30m      | must be shorter than sso.session.idle-timeout (PT30M)",
                "cache.lease-duration               | 300ms    | must be shorter than sso.cache.lease-duration (PT0.3S)",
                "cache.lease-renew-interval         | 1s       | must be shorter than sso.cache.lease-duration (PT1S)",
                "cache.rest-after                   | 0s       | must be longer than zero",
                "cache.lease-renew-interval         | 0s       | must be longer than zero",
                "sign-off.ack-timeout               | 0s       | must be longer than zero",
                "sign-in.timeout                    | 0s       | must be longer than zero",
                "refresh.time-skew                  | PT-1S    | must not be negative",
                "refresh.time-skew                  | 15m      | must be shorter than sso.session.max-access-token-lifetime",
                "refresh.lock-ttl                   | 0s       | must be longer than zero",
                "refresh.provider-timeout           | 0s       | must be longer than zero",
                "refresh.request-timeout            | 0s       | must be longer than zero",
                "refresh.revalidate-interval        | 0s       | must be longer than zero",
                "refresh.exempt-paths               | /devices | must not begin with a slash",
                "refresh.exempt-paths               | *        | must not begin with a slash or *",
                "store.timeout                      | 0s       | must be longer than zero",
                "store.replicas                     | -1       | must not be negative",
                "bearer.cache-ttl                   | PT-1S    | must not be negative",
                "bearer.cache-max-size              | 0        | must be at least 1",
                "sockets.per-session                | 0        | must be at least 1",
                "sockets.per-instance               | 0        | must be at least 1",
            })
    @DisplayName("a value that makes no sense ends the start with the setting and the reason")
    void refused(String name, String value, String reason) {
        SsoConfig config = TestConfig.with(name, value);
        String message = assertThrows(IllegalArgumentException.class, () -> SettingsCheck.check(config))
                .getMessage();
        assertTrue(message.contains("sso." + name), message);
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @CsvSource({
        "session.idle-timeout, 8h",
        "session.touch-interval, 0s",
        "session.max-per-user, 1",
        "cache.max-size, 1",
        "cache.lease-duration, 301ms",
        "refresh.time-skew, 0s",
        "bearer.cache-ttl, 0s",
        "refresh.exempt-paths, POST devices/*"
    })
    @DisplayName("a value at the limit is taken, and so are the defaults")
    void taken(String name, String value) {
        assertDoesNotThrow(() -> SettingsCheck.check(TestConfig.with()));
        assertDoesNotThrow(() -> SettingsCheck.check(TestConfig.with(name, value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sign-off | url           | http://p | must have another name: auth/sign-off is taken",
                "one      | url           | http://p/ | must not end with a slash",
                "one      | protocol      | oauth2   | .endpoints must be set for the protocol oauth2",
                "one      | subject-claim | email    | must identify a user permanently",
                "one      | parameters.response_mode | form_post | must not be set: this service says it itself",
                "one      | parameters.scope | a | must not be set: this service says it itself",
            })
    @DisplayName("so does a provider that cannot be")
    void refusedProvider(String provider, String name, String value, String reason) {
        String prefix = "providers." + provider;
        SsoConfig config = TestConfig.with(
                prefix + ".url",
                "http://p",
                prefix + ".client-id",
                "id",
                prefix + ".client-secret",
                "secret",
                prefix + "." + name,
                value);
        String message = assertThrows(IllegalArgumentException.class, () -> SettingsCheck.check(config))
                .getMessage();
        assertTrue(message.startsWith("sso." + prefix), message);
        assertTrue(message.contains(reason), message);
    }
}

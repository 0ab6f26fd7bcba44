package org.acme.logout;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.acme.session.spi.SignOffTransport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The Kafka client refuses to exist while its broker's name is unknown; the service does not. */
@QuarkusTest
@TestProfile(UnknownBrokerTest.NoSuchHost.class)
class UnknownBrokerTest {

    @Inject
    SignOffTransport transport;

    @TestHTTPResource("/q/health")
    URI health;

    @Test
    @DisplayName("O3: a broker whose name is unknown keeps no service from starting, nor from being healthy")
    void theServiceStartsAndIsHealthy() throws Exception {
        WithoutKafka.assertHealthyAndAlone(health, transport);
    }

    public static class NoSuchHost implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("kafka.bootstrap.servers", "no-such-host.invalid:9092");
        }
    }
}

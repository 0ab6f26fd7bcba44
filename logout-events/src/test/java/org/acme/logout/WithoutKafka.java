package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.SignOffTransport;

/** What holds of a service whose broker is not there. */
final class WithoutKafka {

    private WithoutKafka() {}

    /** It answers that it is healthy, and a sign-off finds nobody to wait for, at once. */
    static void assertHealthyAndAlone(URI health, SignOffTransport transport) throws IOException, InterruptedException {
        Acknowledgements acks = transport
                .announce(TestInstance.ended(Set.of("another"), Duration.ofSeconds(5)))
                .await()
                .atMost(Duration.ofSeconds(1));
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString());

        assertThat(acks).isEqualTo(Acknowledgements.NONE);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"UP\"").doesNotContain("DOWN");
    }
}

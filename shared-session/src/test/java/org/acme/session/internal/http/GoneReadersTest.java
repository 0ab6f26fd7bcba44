package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.LogLines;
import org.acme.session.testing.RedisServer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class GoneReadersTest {

    @Test
    @DisplayName("who opens streams and hangs up in the middle writes nothing into the log")
    void hangsUp() throws Exception {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        StreamsResource.LEFT.drainPermits();
        try (LogLines log = LogLines.ofAll()) {
            for (int i = 0; i < 20; i++) {
                try (Socket reader = new Socket("localhost", port)) {
                    reader.setSoLinger(true, 0);
                    reader.getOutputStream()
                            .write("GET /notes/streams/ticks HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    assertTrue(reader.getInputStream().read() >= 0);
                }
                assertTrue(StreamsResource.LEFT.tryAcquire(10, TimeUnit.SECONDS), "the stream goes on");
            }
            assertEquals(List.of(), log.lines());
        }
    }

    @Test
    @DisplayName("what else fails in a stream is logged")
    void otherFailures() {
        try (LogLines log = new LogLines(PublisherResponseHandler.class)) {
            Logger logger = Logger.getLogger(PublisherResponseHandler.class.getName());
            logger.log(Level.SEVERE, "of ours", new IllegalStateException());
            logger.log(Level.SEVERE, "of theirs", new IOException("Broken pipe"));
            assertEquals(List.of("of ours java.lang.IllegalStateException"), log.lines());
        }
    }
}

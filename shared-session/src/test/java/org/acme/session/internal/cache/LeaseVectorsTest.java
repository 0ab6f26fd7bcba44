package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The times of {@code docs/vectors}, which other implementations of the contract keep too. */
class LeaseVectorsTest {

    private static final long MS = 1_000_000;

    private long now;

    static Stream<JsonNode> cases() throws IOException {
        JsonNode vectors = new ObjectMapper()
                .readTree(Path.of("../docs/vectors/lease-times.json").toFile());
        return StreamSupport.stream(vectors.path("cases").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("S1: a cache is trusted as long as the contract's vectors say")
    void aCacheIsTrustedAsTheVectorsSay(JsonNode vector) {
        Lease lease = new Lease(() -> now, Duration.ofSeconds(1));
        long before = Lease.NONE;
        for (JsonNode moment : vector.path("moments")) {
            now = moment.path("at").longValue() * MS;
            if (moment.has("renewed")) {
                lease.renewed(moment.path("renewed").longValue() * MS);
            }
            if (moment.has("heard")) {
                lease.heard(moment.path("heard").longValue() * MS);
            }
            if (moment.has("lost")) {
                lease.lost();
            }
            if (moment.has("trusted")) {
                long epoch = lease.epoch();
                assertEquals(moment.path("trusted").booleanValue(), epoch != Lease.NONE, moment::toString);
                if (moment.has("kept")) {
                    assertEquals(moment.path("kept").booleanValue(), epoch == before, moment::toString);
                }
                before = epoch == Lease.NONE ? before : epoch;
            }
        }
    }
}

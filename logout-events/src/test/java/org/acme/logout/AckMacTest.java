package org.acme.logout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AckMacTest {

    @Test
    @DisplayName("L10: acknowledgements are authenticated as other implementations do it")
    void isWhatOthersCompute() throws IOException {
        JsonNode vectors = new ObjectMapper()
                .readTree(Path.of("../docs/vectors/acknowledgements.json").toFile());
        AckMac mac = new AckMac(HexFormat.of().parseHex(vectors.path("key").textValue()));
        assertFalse(vectors.path("acknowledgements").isEmpty());
        for (JsonNode vector : vectors.path("acknowledgements")) {
            assertEquals(
                    vector.path("mac").textValue(),
                    mac.of(
                            vector.path("instance").textValue(),
                            vector.path("event").textValue()));
        }
    }
}

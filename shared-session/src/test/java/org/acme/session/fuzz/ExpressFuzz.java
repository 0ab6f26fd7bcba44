package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Identity;

/** Express' key, which any guest writes: it names a user or counts as damaged, and what else is in it makes no difference. */
public final class ExpressFuzz {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ExpressFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws JsonProcessingException {
        String text = new String(input, StandardCharsets.UTF_8);
        Optional<ExpressRecord> read = read(text);
        if (read.isPresent() && JSON.readTree(text) instanceof ObjectNode session) {
            session.putObject("something").put("that", "nobody knows");
            if (session.path("passport").path("user") instanceof ObjectNode user) {
                user.put("another", 1);
            }
            assertEquals(read, read(session.toString()), "an unknown field makes a difference");
        }

        Identity identity = new Identity("p", text, text + "s", Optional.empty(), text, Set.of(text), Map.of());
        String written = ExpressRecord.write(identity, Instant.EPOCH, true);
        assertEquals(Optional.of(new ExpressRecord(text, text + "s")), read(written));
        JsonNode roles = JSON.readTree(written).path("passport").path("user").path("roles");
        assertEquals(text, roles.path(0).textValue());
    }

    private static Optional<ExpressRecord> read(String json) {
        try {
            return Optional.of(ExpressRecord.read(json));
        } catch (DamagedRecordException damaged) {
            return Optional.empty();
        }
    }
}

package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.observability.SessionAudit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The records of {@code docs/vectors}, laid into a real Redis as another implementation wrote them. */
class RecordVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static JsonNode vectors;
    private static RealStore redis;

    @BeforeAll
    static void start() throws IOException {
        try (InputStream file = RecordVectorsTest.class.getResourceAsStream("/vectors/records.json")) {
            vectors = JSON.readTree(file);
        }
        redis = new RealStore("encryption.keys", vectors.path("key").textValue());
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @TestFactory
    @DisplayName("L9: records of other writers, older and newer, are read as the contract says, or count as absent")
    Stream<DynamicTest> recordsAreReadAsTheContractSays() {
        return StreamSupport.stream(vectors.path("records").spliterator(), false)
                .map(vector -> dynamicTest(vector.path("why").textValue(), () -> check(vector)));
    }

    private static void check(JsonNode vector) throws IOException {
        SessionId id = new SessionId(vectors.path("id").textValue());
        redis.guest().send("DEL", Keys.express(id), Keys.record(id));
        redis.guest().send("SET", Keys.express(id), vector.path("express").textValue(), "PX", "60000");
        for (Map.Entry<String, JsonNode> field : vector.path("fields").properties()) {
            redis.guest()
                    .send(
                            "HSET",
                            Keys.record(id),
                            field.getKey(),
                            field.getValue().textValue());
        }
        redis.guest().send("PEXPIRE", Keys.record(id), "60000");

        Optional<String> read = RealStore.await(newReader().peek(id)).map(RecordVectorsTest::written);

        JsonNode expected = vector.path("reads");
        assertEquals(expected.isNull() ? Optional.empty() : Optional.of(expected.toString()), read);
    }

    /** All vectors have one id: what was known of the one before says nothing. */
    private static SessionStore newReader() {
        return new SessionStore(
                redis.gateway,
                new DecodedSessions(redis.seal, redis.config),
                SessionAudit.in(redis.meters),
                redis.seal,
                BaseUrl.parse(redis.config.baseUrl()),
                redis.config);
    }

    /** In the form of the vectors. */
    private static String written(SessionRecord session) {
        Identity user = session.identity();
        var all = JSON.createObjectNode()
                .put("provider", user.provider())
                .put("issuer", user.issuer())
                .put("subject", user.subject())
                .put("sid", user.providerSession().orElse(null))
                .put("name", user.name());
        user.roles().stream().sorted().forEach(all.putArray("roles")::add);
        user.profile().forEach(all.putObject("profile")::put);
        return all.put("access", session.tokens().access())
                .put("refresh", session.tokens().refresh().orElse(null))
                .put("tokensRev", session.tokensRev())
                .toString();
    }
}

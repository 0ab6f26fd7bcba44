package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import org.acme.logout.testing.KafkaBroker;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Kafka's client refuses to read: it stays before such a record until it is told to go on. */
@QuarkusTest
@TestProfile(KafkaInstances.WithoutOwnTransport.class)
class KafkaDamagedRecordTest {

    private static final KafkaBroker BROKER = new KafkaBroker();

    @BeforeAll
    static void begin() {
        BROKER.start();
    }

    @AfterAll
    static void end() {
        BROKER.stop();
    }

    @Test
    @DisplayName("E6: a record that is damaged on the broker's disk is skipped, and the next events are followed")
    void theNextEventIsFollowedAfterADamagedRecord() throws Exception {
        try (TestInstance instance =
                KafkaInstances.ofTheApplication().start(BROKER.bootstrapServers(), KafkaBroker.TOPIC)) {
            await().until(() -> instance.heartbeats() > 0);
            BROKER.shutDown();
            appendDamagedRecord(BROKER.partition(KafkaBroker.TOPIC));
            int before = instance.heartbeats();
            BROKER.launch();

            await().until(() -> instance.heartbeats() > before + 2);

            assertThat(instance.announce(TestInstance.ended(Set.of(instance.name()), Duration.ofSeconds(5)))
                            .instances())
                    .containsExactly(instance.name());
        }
    }

    /** Where the instance reads on: the record's last byte is another than its checksum says. */
    private static void appendDamagedRecord(Path partition) throws IOException {
        Path segment = partition.resolve("00000000000000000000.log");
        ByteBuffer batch = MemoryRecords.withRecords(
                        endOf(segment), Compression.NONE, 0, new SimpleRecord(new byte[100]))
                .buffer();
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        bytes[bytes.length - 1]++;
        Files.write(segment, bytes, StandardOpenOption.APPEND);
    }

    private static long endOf(Path segment) throws IOException {
        long end = 0;
        try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
            for (RecordBatch batch : records.batches()) {
                end = batch.nextOffset();
            }
        }
        return end;
    }
}

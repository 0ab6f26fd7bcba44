package org.acme.logout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A Kafka topic. One partition carries everything, so that everybody reads one order.
 *
 * <p>The partition is assigned by hand and read from its end: a group would keep a dead instance's place on the broker.
 */
final class KafkaChannel implements Channel {

    private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);
    private static final List<Header> HEADERS =
            List.of(new RecordHeader("content-type", EventFormat.MEDIA_TYPE.getBytes(StandardCharsets.US_ASCII)));

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Waits for nothing, but fails while the broker's host name cannot be resolved. */
    KafkaChannel(String name, Map<String, Object> kafka) {
        partition = new TopicPartition(name, 0);
        consumer = new KafkaConsumer<>(
                ClientSettings.consumer(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(List.of(partition));
            producer = new KafkaProducer<>(
                    ClientSettings.producer(kafka), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (RuntimeException e) {
            consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            throw e;
        }
    }

    @Override
    public void publish(byte[] event, Consumer<Exception> failed) {
        ProducerRecord<byte[], byte[]> news =
                new ProducerRecord<>(partition.topic(), partition.partition(), null, null, event, HEADERS);
        try {
            producer.send(news, (written, failure) -> {
                if (failure != null) {
                    failed.accept(failure);
                }
            });
        } catch (RuntimeException closedOrInterrupted) {
            failed.accept(closedOrInterrupted);
        }
    }

    @Override
    public Iterable<byte[]> poll(Duration wait) {
        List<byte[]> events = new ArrayList<>();
        consumer.poll(wait).forEach(event -> events.add(event.value()));
        return events;
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
        producer.close(CLOSE_LIMIT);
    }
}

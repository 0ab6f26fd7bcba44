package org.acme.logout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic, open for reading and writing. One partition carries everything, so everybody reads one order: a heartbeat
 * that comes back proves that all that was written before it has been read.
 *
 * <p>The partition is assigned by hand and read from its end: a group would keep a dead instance's place on the broker.
 */
final class Topic implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);
    private static final List<Header> HEADERS =
            List.of(new RecordHeader("content-type", EventFormat.MEDIA_TYPE.getBytes(StandardCharsets.US_ASCII)));

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Waits for nothing, but fails while the broker's host name cannot be resolved. */
    Topic(String name, Map<String, Object> kafka) {
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

    /** Hands an event to the client and returns; from any thread. {@code failed} runs at most once, on any thread. */
    void publish(byte[] event, Consumer<Exception> failed) {
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

    Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
        return consumer.poll(wait);
    }

    /** Ends a {@link #poll} under way, with an exception; from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
        producer.close(CLOSE_LIMIT);
    }
}

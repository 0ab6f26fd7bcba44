package org.acme.logout;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * A Kafka topic, read and written by the two {@link KafkaChannels}. One partition carries everything, so that all instances
 * read the same order. It is assigned, not subscribed, and read from its end: a group would keep a dead instance's place on
 * the broker.
 */
final class KafkaChannel implements EventChannel {

    static final String INCOMING = "session-events";
    static final String OUTGOING = "session-events-out";

    /** Longer than a request for the end of the partition may take, which would otherwise begin again and again. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(3);

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Message<byte[]>> outgoing;
    private final ReceivedEvents received = new ReceivedEvents();
    private final Cancellable subscription;
    private long heardAt = System.nanoTime();

    /**
     * Returns at once. The client is created before the subscription: this fails while the broker's host name is unknown, and
     * the next attempt may succeed. A subscription that fails to create it stays silent for good (SmallRye 4.33). The channel
     * carries messages, because a stream of payloads ends at the first event without content.
     *
     * @param consumer the client of the incoming channel
     */
    KafkaChannel(
            KafkaConsumer<byte[], byte[]> consumer,
            Multi<Message<byte[]>> incoming,
            Consumer<Message<byte[]>> outgoing) {
        this.consumer = consumer;
        this.outgoing = outgoing;
        subscription = consumer.runOnPollingThread(created -> {})
                .onItem()
                .transformToMulti(created -> incoming)
                .subscribe()
                .with(
                        event -> received.add(event.getPayload()),
                        received::fail,
                        () -> received.fail(new IllegalStateException("The channel has ended")));
    }

    @Override
    public void publish(byte[] event, Consumer<Throwable> failed) {
        Metadata headers = Metadata.of(OutgoingKafkaRecordMetadata.builder()
                .addHeaders(
                        new RecordHeader("content-type", EventFormat.MEDIA_TYPE.getBytes(StandardCharsets.US_ASCII)))
                .build());
        try {
            outgoing.accept(Message.of(event, headers, () -> DONE, why -> {
                failed.accept(why);
                return DONE;
            }));
        } catch (RuntimeException refused) {
            failed.accept(refused);
        }
    }

    @Override
    public List<byte[]> poll(Duration wait) {
        List<byte[]> events = received.poll(wait);
        long now = System.nanoTime();
        if (!events.isEmpty()) {
            heardAt = now;
        } else if (now - heardAt > SILENCE_LIMIT.toNanos()) {
            heardAt = now;
            skip();
        }
        return events;
    }

    /**
     * Goes on at the end of the partition. The connector polls a record that is damaged on the broker's disk for good, but not
     * even our own heartbeats have come, so nobody relies on what is skipped.
     */
    private void skip() {
        consumer.runOnPollingThread(client -> {
                    client.seekToEnd(client.assignment());
                })
                .subscribeAsCompletionStage();
    }

    @Override
    public void wakeUp() {
        received.fail(new IllegalStateException("asked to stop"));
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}

package org.acme.logout;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * The two channels of Quarkus' messaging extension. {@code META-INF/microprofile-config.properties} of this module configures
 * them.
 */
@Singleton
final class KafkaChannels {

    /** Events that wait for the connector; more are refused. */
    private static final int MAX_SENDING = 1024;

    private final Multi<Message<byte[]>> incoming;
    private final Emitter<byte[]> outgoing;
    private final KafkaClientService clients;

    KafkaChannels(
            @Channel(KafkaChannel.INCOMING) Multi<Message<byte[]>> incoming,
            @Channel(KafkaChannel.OUTGOING) @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MAX_SENDING)
                    Emitter<byte[]> outgoing,
            KafkaClientService clients) {
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.clients = clients;
    }

    EventChannel open() {
        return new KafkaChannel(clients.getConsumer(KafkaChannel.INCOMING), incoming, outgoing::send);
    }
}

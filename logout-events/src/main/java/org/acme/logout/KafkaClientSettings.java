package org.acme.logout;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/** Settings of the two Kafka clients that the channels' configuration cannot express. Other channels are left alone. */
@ApplicationScoped
class KafkaClientSettings implements ClientCustomizer<Map<String, Object>> {

    /** What a service may have set for its own topics ({@code kafka.*}), and what would leave something on the broker. */
    private static final Set<String> NEVER =
            Set.of("group.instance.id", "group.protocol", "group.remote.assignor", "transactional.id");

    @Override
    public Map<String, Object> customize(String channel, Config config, Map<String, Object> client) {
        if (channel.equals(KafkaChannel.INCOMING) || channel.equals(KafkaChannel.OUTGOING)) {
            client.keySet().removeAll(NEVER);
        }
        if (channel.equals(KafkaChannel.OUTGOING)) {
            // The client retries within its delivery timeout. The connector, which reads the same setting, does not.
            client.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
        }
        return client;
    }
}

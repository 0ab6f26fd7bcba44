package org.acme.logout;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Settings of the two Kafka clients: our defaults, over them the service's {@code kafka.*} keys (address, security), over those
 * what the promises of this module rest on.
 */
final class ClientSettings {

    private static final Map<String, Object> DEFAULTS = Map.of(
            // Back within a second after a broker returns, without hammering it while it is away.
            CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 50,
            CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500,
            CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 50,
            CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 500,
            CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1000,
            CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 2000,
            CommonClientConfigs.CLIENT_ID_CONFIG, "sso-session-events");

    /** A dead instance leaves nothing behind on the broker: no group, no offset, no producer id, no telemetry. */
    private static final Set<String> NEVER =
            Set.of("group.id", "group.instance.id", "group.protocol", "group.remote.assignor", "transactional.id");

    private ClientSettings() {}

    static Map<String, Object> producer(Map<String, Object> service) {
        Map<String, Object> settings = of(service);
        // Sending never blocks a caller, who may be an event loop: no metadata or no room is a failure at once.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 1 << 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 4096);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2000);
        // What counts is who confirms, not where it is stored; and every event may come twice.
        settings.put(ProducerConfig.ACKS_CONFIG, "1");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        return settings;
    }

    static Map<String, Object> consumer(Map<String, Object> service) {
        Map<String, Object> settings = of(service);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // An instance that starts remembers nothing, so there is nothing old that it must be told.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A fetch waits at the broker and returns with the first byte.
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 * 1024);
        return settings;
    }

    private static Map<String, Object> of(Map<String, Object> service) {
        Map<String, Object> settings = new HashMap<>(DEFAULTS);
        settings.putAll(service);
        settings.keySet().removeAll(NEVER);
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        // A broker that stopped answering is left and looked for again after that.
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 1500);
        return settings;
    }
}

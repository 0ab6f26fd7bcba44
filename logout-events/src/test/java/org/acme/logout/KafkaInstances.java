package org.acme.logout;

import io.quarkus.arc.Unremovable;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** Any number of instances in one application: each with channels of its own, by the connector and this jar's configuration. */
@ApplicationScoped
@Unremovable
class KafkaInstances {

    static KafkaInstances ofTheApplication() {
        return CDI.current().select(KafkaInstances.class).get();
    }

    @Inject
    @Connector(KafkaConnector.CONNECTOR_NAME)
    KafkaConnector connector;

    TestInstance start(String bootstrapServers, String topic) {
        return start(Map.of("bootstrap.servers", bootstrapServers), topic);
    }

    /** @param more settings of both channels */
    @SuppressWarnings("unchecked")
    TestInstance start(Map<String, String> more, String topic) {
        Multi<Message<byte[]>> incoming =
                (Multi<Message<byte[]>>) connector.getPublisher(config("incoming", KafkaChannel.INCOMING, more, topic));
        KafkaConsumer<byte[], byte[]> consumer = lastOf(connector.getConsumers(KafkaChannel.INCOMING));
        UnicastProcessor<Message<byte[]>> outgoing = UnicastProcessor.create();
        outgoing.subscribe((Flow.Subscriber<Message<byte[]>>)
                connector.getSubscriber(config("outgoing", KafkaChannel.OUTGOING, more, topic)));
        TestInstance instance = TestInstance.start(
                () -> new KafkaChannel(consumer, incoming, message -> {
                    synchronized (outgoing) {
                        outgoing.onNext(message);
                    }
                }),
                topic);
        ConnectorLog.redirect(topic, instance.transport::trouble);
        return instance;
    }

    private static <T> T lastOf(List<T> all) {
        return all.get(all.size() - 1);
    }

    private static Config config(String direction, String channel, Map<String, String> more, String topic) {
        Config all = ConfigProvider.getConfig();
        String prefix = "mp.messaging." + direction + "." + channel + ".";
        Map<String, String> settings = new HashMap<>();
        StreamSupport.stream(all.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> settings.put(name.substring(prefix.length()), all.getValue(name, String.class)));
        settings.put("channel-name", channel);
        settings.putAll(more);
        settings.put("topic", topic);
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    /** The application is there for its connector; what it would tell of its own is no part of the test. */
    public static class WithoutOwnTransport implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            String excluded = "quarkus.arc.exclude-types";
            return Map.of(
                    excluded,
                    ConfigProvider.getConfig().getValue(excluded, String.class) + ",org.acme.logout.EventTransport",
                    // What a service set for its own topics must not harm this one.
                    "kafka.group.id",
                    "a-service",
                    "kafka.transactional.id",
                    "a-service",
                    "kafka.auto.offset.reset",
                    "earliest",
                    "kafka.enable.auto.commit",
                    "true",
                    "kafka.request.timeout.ms",
                    "30000",
                    "kafka.linger.ms",
                    "100");
        }
    }
}

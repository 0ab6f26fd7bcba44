package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Only services speak and hear where sign-offs are told. In containers the same files say so ({@code infra/kafka}), but
 * nobody out here reaches that Kafka.
 */
@ExtendWith(OnTheStack.class)
@DisabledIfSystemProperty(named = "e2e.compose", matches = ".*")
class KafkaAccessIT {

    private static final String TOPIC = "session-events";
    private static final TopicPartition ALL = new TopicPartition(TOPIC, 0);

    private Stack stack;
    private Map<String, Object> services;
    private Map<String, Object> tests;

    @BeforeEach
    void login(Stack stack) {
        this.stack = stack;
        services = as("services", stack.secrets().kafkaServicesPassword());
        tests = as("tests", stack.secrets().kafkaTestsPassword());
    }

    @Test
    @DisplayName("S1 services write and read session events")
    void servicesMay() {
        // No event of ours: every instance skips it.
        String written = "a test, " + UUID.randomUUID();
        try (KafkaConsumer<String, String> reader = reader(services)) {
            long end = reader.endOffsets(List.of(ALL)).get(ALL);
            reader.seek(ALL, end);
            write(services, written);
            List<String> read = new ArrayList<>();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                reader.poll(Duration.ofMillis(200)).forEach(event -> read.add(event.value()));
                return read.contains(written);
            });
        }
    }

    @Test
    @DisplayName("S1 A8 F43 services may not make, change, empty or remove topics, nor rules, nor join groups")
    void servicesMayNothingElse() {
        try (Admin admin = Admin.create(services)) {
            assertRefused(admin.deleteTopics(List.of(TOPIC)).all());
            assertRefused(admin.createTopics(List.of(new NewTopic("another", 1, (short) 1)))
                    .all());
            assertRefused(
                    admin.createPartitions(Map.of(TOPIC, org.apache.kafka.clients.admin.NewPartitions.increaseTo(2)))
                            .all());
            assertRefused(admin.deleteRecords(Map.of(ALL, RecordsToDelete.beforeOffset(-1)))
                    .all());
            assertRefused(admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                            List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET))))
                    .all());
            assertRefused(admin.describeAcls(AclBindingFilter.ANY).values());
            assertRefused(admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                            new AccessControlEntry("User:tests", "*", AclOperation.ALL, AclPermissionType.ALLOW))))
                    .all());
        }
        Map<String, Object> inAGroup = new HashMap<>(services);
        inAGroup.put("group.id", "a-group");
        try (KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(inAGroup, new StringDeserializer(), new StringDeserializer())) {
            reader.subscribe(List.of(TOPIC));
            assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(20))).isInstanceOf(AuthorizationException.class);
        }
    }

    @Test
    @DisplayName("S1 who has a password, but is no service, neither writes nor reads nor sees session events")
    void othersMayNot() throws Exception {
        assertThatThrownBy(() -> write(tests, "forged")).isInstanceOf(TopicAuthorizationException.class);
        try (KafkaConsumer<String, String> reader = reader(tests)) {
            reader.seek(ALL, 0);
            assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(20)))
                    .isInstanceOf(TopicAuthorizationException.class);
        }
        try (Admin admin = Admin.create(tests)) {
            assertThat(admin.listTopics().names().get()).isEmpty();
            assertRefused(admin.deleteTopics(List.of(TOPIC)).all());
        }
    }

    @Test
    @DisplayName("S1 nobody gets in with a wrong password or an unknown name")
    void strangersMayNot() {
        Stream.of(as("services", "guessed"), as("nobody", stack.secrets().kafkaServicesPassword()))
                .forEach(stranger -> {
                    assertThatThrownBy(() -> write(stranger, "forged")).isInstanceOf(SaslAuthenticationException.class);
                    try (KafkaConsumer<String, String> reader = reader(stranger)) {
                        reader.seek(ALL, 0);
                        assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(20)))
                                .isInstanceOf(SaslAuthenticationException.class);
                    }
                });
    }

    @Test
    @DisplayName("S1 who does not say who they are gets no answer")
    void namelessMayNot() {
        Map<String, Object> nameless = settings();
        assertThatThrownBy(() -> write(nameless, "forged")).isInstanceOf(TimeoutException.class);
        try (KafkaConsumer<String, String> reader = reader(nameless)) {
            assertThatThrownBy(() -> reader.endOffsets(List.of(ALL))).isInstanceOf(TimeoutException.class);
        }
    }

    private static void assertRefused(Future<?> answer) {
        assertThatThrownBy(answer::get).hasCauseInstanceOf(AuthorizationException.class);
    }

    private static KafkaConsumer<String, String> reader(Map<String, Object> who) {
        KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(who, new StringDeserializer(), new StringDeserializer());
        reader.assign(List.of(ALL));
        return reader;
    }

    private static void write(Map<String, Object> who, String text) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(who, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, text)).get();
        } catch (java.util.concurrent.ExecutionException refused) {
            throw Optional.of(refused.getCause())
                    .filter(KafkaException.class::isInstance)
                    .map(KafkaException.class::cast)
                    .orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> as(String user, String password) {
        Map<String, Object> settings = settings();
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, password));
        return settings;
    }

    private Map<String, Object> settings() {
        return new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:" + stack.kafkaPort(),
                "enable.auto.commit", false,
                "enable.idempotence", false,
                "max.block.ms", 3000,
                "request.timeout.ms", 3000,
                "delivery.timeout.ms", 6000,
                "default.api.timeout.ms", 3000));
    }
}

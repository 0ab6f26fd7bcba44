package org.acme.logout;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.acme.logout.EventsConfig.Transport;
import org.acme.logout.SessionNews.Ended;
import org.acme.session.log.RateLimitedLog;
import org.acme.session.spi.InstanceMemory;
import org.acme.session.spi.Reach;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SignOffTransport;

/**
 * Sign-off news over Kafka, or over Redis pub/sub. Without its broker it answers at once that nobody was reached; the
 * sign-off then waits for the leases, and nothing else changes.
 */
@ApplicationScoped
class NewsTransport implements SignOffTransport {

    private final InstanceMemory memory;
    private final Announcements announcements = new Announcements();
    private final Conversation conversation;
    private final NewsTraces traces;
    private final RateLimitedLog warning = new RateLimitedLog(NewsTransport.class);

    @Inject
    NewsTransport(
            EventsConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            Instance<Redis> redis,
            InstanceMemory memory,
            EventMetrics metrics,
            NewsTraces traces) {
        this(config, channels(config, kafka, redis), memory, metrics, traces);
    }

    NewsTransport(
            EventsConfig config,
            Supplier<Channel> channels,
            InstanceMemory memory,
            EventMetrics metrics,
            NewsTraces traces) {
        this.memory = memory;
        this.traces = traces;
        this.conversation = new Conversation(config, channels, where(config), memory, announcements, metrics, traces);
    }

    private static String where(EventsConfig config) {
        return (config.transport() == Transport.KAFKA ? "Kafka topic " : "Redis channel ") + config.topic();
    }

    private static Supplier<Channel> channels(EventsConfig config, Map<String, Object> kafka, Instance<Redis> redis) {
        return switch (config.transport()) {
            case KAFKA -> () -> new Topic(config.topic(), kafka);
            case REDIS -> () -> new PubSub(config.topic(), redis.get());
        };
    }

    void start(@Observes StartupEvent event) {
        conversation.start();
    }

    /** Nothing is thrown: whoever else has something to do at the end comes after us. */
    void stop(@Observes ShutdownEvent event) {
        announcements.settleAll();
        try {
            conversation.stop();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            warning.warn("The connection for sign-off news was not closed (%s)", trouble.toString());
        }
    }

    boolean joined() {
        return conversation.joined();
    }

    boolean running() {
        return conversation.running();
    }

    @Override
    public Uni<Reach> announce(SessionEnded ended) {
        return Uni.createFrom()
                .deferred(() -> tell(ended).emitOn(caller()))
                .onFailure()
                .recoverWithItem(Reach.NOBODY);
    }

    /** This instance needs no broker to forget: it does so first and counts itself. */
    private Uni<Reach> tell(SessionEnded ended) {
        memory.forget(ended.session(), ended.providerSession());
        Duration patience = ended.audience().patience();
        Optional<Announcement> open = patience.isNegative() || patience.isZero() || !conversation.joined()
                ? Optional.empty()
                : announcements.open(ended.audience().instances());
        if (open.isEmpty()) {
            // Nobody's answer would be heard in time, but others may still hear the news.
            conversation.publish(news(UUID.randomUUID().toString(), ended), this::lost);
            return Uni.createFrom().item(Reach.NOBODY);
        }
        Announcement announcement = open.get();
        announcement.confirmedBy(memory.instance());
        conversation.publish(news(announcement.id(), ended), failure -> {
            lost(failure);
            announcement.settle();
        });
        return Uni.createFrom()
                .completionStage(announcement.answer())
                .ifNoItem()
                .after(patience)
                .recoverWithItem(announcement::reach)
                .onTermination()
                .invoke(() -> announcements.close(announcement));
    }

    /** Whoever did not hear it is waited for all the same; only open streams are slower to close. */
    private void lost(Exception why) {
        warning.warn("The news of an ended session did not go out (%s)", why);
    }

    private Ended news(String id, SessionEnded ended) {
        return new Ended(
                id,
                memory.instance(),
                ended.session(),
                ended.providerSession(),
                ended.reason().text(),
                ended.actor().text(),
                traces.current());
    }

    /** The answer continues where the question was asked, never on the thread that listens. */
    private static Executor caller() {
        Context context = Vertx.currentContext();
        return context == null
                ? Infrastructure.getDefaultExecutor()
                : task -> context.runOnContext(ignored -> task.run());
    }
}

package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.acme.projects.config.ProjectsConfig;

/** Projects in Redis. No answer takes longer than the configured limit. */
@Singleton
class ProjectStore {

    /**
     * Number, record and both indexes at once, or nothing. Redis' own clock and counter, so that the order is the same
     * whichever instance creates. Answers nothing when the owner has too many.
     */
    private static final String CREATE =
            """
            if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[1]) then
              return false
            end
            local number = redis.call('INCR', KEYS[1])
            local createdAt = redis.call('TIME')[1]
            redis.call('HSET', KEYS[4], 'id', ARGV[2], 'number', number, 'name', ARGV[3], 'issuer', ARGV[4],
              'subject', ARGV[5], 'ownerName', ARGV[6], 'createdAt', createdAt)
            redis.call('ZADD', KEYS[2], number, ARGV[2])
            redis.call('ZADD', KEYS[3], number, ARGV[2])
            return {number, createdAt}
            """;

    private final Redis redis;
    private final ProjectsConfig config;

    ProjectStore(Redis redis, ProjectsConfig config) {
        this.redis = redis;
        this.config = config;
    }

    Uni<Project> create(Owner owner, String ownerName, ProjectName name) {
        String id = UUID.randomUUID().toString();
        Request create = Request.cmd(Command.EVAL)
                .arg(CREATE)
                .arg(4)
                .arg(ProjectKeys.LATEST_NUMBER)
                .arg(ProjectKeys.EVERYBODYS)
                .arg(ProjectKeys.ownedBy(owner))
                .arg(ProjectKeys.project(id))
                .arg(config.perOwner())
                .arg(id)
                .arg(name.text())
                .arg(owner.issuer())
                .arg(owner.subject())
                .arg(ownerName);
        return bounded(() -> redis.send(create))
                .onItem()
                .ifNull()
                .failWith(() -> new TooManyProjectsException(config.perOwner()))
                .map(created ->
                        new Project(id, created.get(0).toLong(), name, owner, ownerName, seconds(created.get(1))));
    }

    Uni<Optional<Project>> find(String id) {
        return bounded(() -> redis.send(read(id))).map(fields -> Optional.ofNullable(project(fields)));
    }

    Uni<ProjectList> all(OptionalLong before) {
        return list(ProjectKeys.EVERYBODYS, before);
    }

    Uni<ProjectList> ownedBy(Owner owner, OptionalLong before) {
        return list(ProjectKeys.ownedBy(owner), before);
    }

    /** One more id than a page holds is asked for: it tells whether anything follows. */
    private Uni<ProjectList> list(String index, OptionalLong before) {
        String below = before.isPresent() ? "(" + before.getAsLong() : "+inf";
        Request ids = Request.cmd(Command.ZREVRANGEBYSCORE)
                .arg(index)
                .arg(below)
                .arg("-inf")
                .arg("LIMIT")
                .arg(0)
                .arg(config.pageSize() + 1);
        return bounded(() -> redis.send(ids).flatMap(this::readAll)).map(this::page);
    }

    private Uni<List<Response>> readAll(Response ids) {
        List<Request> reads =
                stream(ids).map(Response::toString).map(ProjectStore::read).toList();
        return reads.isEmpty() ? Uni.createFrom().item(List.of()) : redis.batch(reads);
    }

    private ProjectList page(List<Response> records) {
        List<Project> found = records.stream()
                .map(ProjectStore::project)
                .filter(Objects::nonNull)
                .toList();
        if (found.size() <= config.pageSize()) {
            return new ProjectList(found, OptionalLong.empty());
        }
        List<Project> shown = found.subList(0, config.pageSize());
        return new ProjectList(
                shown, OptionalLong.of(shown.get(shown.size() - 1).number()));
    }

    private static Request read(String id) {
        return Request.cmd(Command.HMGET)
                .arg(ProjectKeys.project(id))
                .arg("id")
                .arg("number")
                .arg("name")
                .arg("issuer")
                .arg("subject")
                .arg("ownerName")
                .arg("createdAt");
    }

    /** The fields in the order of {@link #read}; null when there is no such project. */
    private static Project project(Response fields) {
        if (fields.get(0) == null) {
            return null;
        }
        return new Project(
                fields.get(0).toString(),
                fields.get(1).toLong(),
                new ProjectName(fields.get(2).toString()),
                new Owner(fields.get(3).toString(), fields.get(4).toString()),
                fields.get(5).toString(),
                seconds(fields.get(6)));
    }

    private static Instant seconds(Response value) {
        return Instant.ofEpochSecond(value.toLong());
    }

    private static Stream<Response> stream(Response array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Away, busy, loading, read-only, full, slow: whatever the store's trouble is, callers see one kind of failure. */
    private <T> Uni<T> bounded(Supplier<Uni<? extends T>> question) {
        return Uni.createFrom()
                .deferred(question)
                .ifNoItem()
                .after(config.storeLimit())
                .fail()
                .onFailure()
                .transform(ProjectsUnavailableException::new);
    }
}

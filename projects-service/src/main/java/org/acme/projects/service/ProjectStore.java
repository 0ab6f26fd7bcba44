package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
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
        return bounded(ask(create))
                .onItem()
                .ifNull()
                .failWith(() -> new TooManyProjectsException(config.perOwner()))
                .map(created ->
                        new Project(id, created.get(0).toLong(), name, owner, ownerName, seconds(created.get(1))));
    }

    Uni<Optional<Project>> find(String id) {
        return bounded(ask(read(id))).map(fields -> Optional.ofNullable(project(fields)));
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
                .arg("WITHSCORES")
                .arg("LIMIT")
                .arg(0)
                .arg(config.pageSize() + 1);
        return bounded(ask(ids).flatMap(this::readAll)).map(this::page);
    }

    /** An id of an index with its number, and the project's fields. */
    private record Entry(long number, Response fields) {

        Optional<Project> project() {
            return Optional.ofNullable(ProjectStore.project(fields));
        }
    }

    private Uni<List<Entry>> readAll(Response idsAndNumbers) {
        // RESP3 answers pairs, RESP2 one after the other.
        List<Response> flat = stream(idsAndNumbers)
                .flatMap(entry -> entry.type() == ResponseType.MULTI ? stream(entry) : Stream.of(entry))
                .toList();
        if (flat.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        List<Request> reads = IntStream.range(0, flat.size() / 2)
                .mapToObj(i -> read(flat.get(2 * i).toString()))
                .toList();
        return tellingOutages(redis.batch(reads)).map(records -> IntStream.range(0, records.size())
                .mapToObj(i -> new Entry(flat.get(2 * i + 1).toLong(), records.get(i)))
                .toList());
    }

    /** An id whose record is gone is left out of its page, and does not end the list. */
    private ProjectList page(List<Entry> entries) {
        boolean goesOn = entries.size() > config.pageSize();
        List<Entry> shown = goesOn ? entries.subList(0, config.pageSize()) : entries;
        return new ProjectList(
                shown.stream().flatMap(entry -> entry.project().stream()).toList(),
                goesOn ? OptionalLong.of(shown.get(shown.size() - 1).number()) : OptionalLong.empty());
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

    private Uni<Response> ask(Request request) {
        return tellingOutages(redis.send(request));
    }

    /**
     * Away, busy, loading, read-only, full: whatever the store's trouble is, callers see one kind of failure. What fails
     * in our own code stays what it is.
     */
    private static <T> Uni<T> tellingOutages(Uni<T> answer) {
        return answer.onFailure().transform(ProjectsUnavailableException::new);
    }

    /** A slow store is one that cannot be asked, however many steps a question takes. */
    private <T> Uni<T> bounded(Uni<T> question) {
        return question.ifNoItem()
                .after(config.storeLimit())
                .failWith(() -> new ProjectsUnavailableException(new TimeoutException(
                        "no answer within " + config.storeLimit().toMillis() + " ms")));
    }
}

package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.acme.projects.config.ProjectsConfig;
import org.acme.projects.service.RefusedException.Reason;

/**
 * Projects in Redis. No answer takes longer than the configured limit. A change is one script, which asks itself who may:
 * between a question and a change of its own, somebody else's could come.
 */
@Singleton
class ProjectStore {

    private static final List<String> FIELDS = List.of(
            "id",
            "number",
            "name",
            "issuer",
            "subject",
            "ownerName",
            "createdAt",
            // Fields from here on are missing in projects of the first days.
            "description",
            "version",
            "textVersion",
            "changedAt",
            "changedBy",
            "archivedAt");

    private final StoreGateway redis;
    private final ProjectsConfig config;

    ProjectStore(StoreGateway redis, ProjectsConfig config) {
        this.redis = redis;
        this.config = config;
    }

    Uni<Project> create(Person owner, String ownerName, ProjectText text) {
        String id = UUID.randomUUID().toString();
        List<String> keys = List.of(
                ProjectKeys.LATEST_NUMBER,
                ProjectKeys.EVERYBODYS,
                ProjectKeys.ownedBy(owner),
                ProjectKeys.archivedBy(owner),
                ProjectKeys.project(id));
        List<String> arguments = List.of(
                ProjectKeys.CHANGES,
                owner.key(),
                Integer.toString(config.perOwner()),
                id,
                owner.issuer(),
                owner.subject(),
                ownerName,
                text.name(),
                text.description());
        return redis.bounded(redis.run(Script.CREATE, keys, arguments)).map(answer -> {
            if (answer.get(0).toString().equals("full")) {
                throw new RefusedException(
                        Reason.TOO_MANY_PROJECTS,
                        "You have " + config.perOwner()
                                + " projects already, which is as many as one person may have.");
            }
            return new Project(
                    id,
                    answer.get(1).toLong(),
                    text,
                    owner,
                    ownerName,
                    seconds(answer.get(2)),
                    1,
                    1,
                    Optional.empty(),
                    Optional.empty());
        });
    }

    /** What {@link #find} finds. */
    record Found(Project project, List<Member> members) {}

    Uni<Optional<Found>> find(String id) {
        return redis.reading(redis.run(Script.FIND, List.of(ProjectKeys.project(id), ProjectKeys.members(id)), FIELDS))
                .map(answer -> Optional.ofNullable(project(answer.get(0)))
                        .map(project -> new Found(project, People.readAll(answer.get(1)))));
    }

    /** Which version of a project a writer has seen. */
    record Seen(String field, String version) {

        private static final Seen ANY = new Seen("version", "");

        /** Nothing given: any will do. */
        static Seen whole(OptionalLong version) {
            return version.isPresent() ? new Seen("version", Long.toString(version.getAsLong())) : ANY;
        }

        static Seen text(long version) {
            return new Seen("textVersion", Long.toString(version));
        }
    }

    /** Each change answers the project's new version, or fails with {@link RefusedException}. */
    Uni<Long> edit(Viewer viewer, String id, Seen seen, ProjectText text) {
        return change(Script.EDIT, viewer, id, seen.field(), seen.version(), text.name(), text.description());
    }

    Uni<Long> archive(Viewer viewer, String id, Seen seen) {
        return change(Script.ARCHIVE, viewer, id, "1", seen.version());
    }

    Uni<Long> restore(Viewer viewer, String id) {
        return change(Script.ARCHIVE, viewer, id, "0", "");
    }

    Uni<Long> addMember(Viewer viewer, String id, Member member) {
        return change(
                Script.ADD_MEMBER,
                viewer,
                id,
                member.person().key(),
                People.write(member),
                Integer.toString(config.membersPerProject()),
                Integer.toString(config.perMember()));
    }

    Uni<Long> removeMember(Viewer viewer, String id, String memberKey) {
        return change(Script.REMOVE_MEMBER, viewer, id, memberKey);
    }

    private Uni<Long> change(Script script, Viewer viewer, String id, String... change) {
        Person person = viewer.person();
        List<String> arguments = new ArrayList<>(List.of(
                ProjectKeys.PREFIX,
                ProjectKeys.CHANGES,
                person.issuer(),
                person.subject(),
                person.key(),
                viewer.name(),
                viewer.administrator() ? "1" : "0"));
        arguments.addAll(List.of(change));
        return redis.bounded(redis.run(script, List.of(ProjectKeys.project(id), ProjectKeys.members(id)), arguments))
                .map(this::version);
    }

    private long version(Response answer) {
        return switch (answer.get(0).toString()) {
            case "done" -> answer.get(1).toLong();
            case "none" -> throw new RefusedException(Reason.NOT_FOUND, "No such project, or not yours to see.");
            case "forbidden" ->
                throw new RefusedException(Reason.NOT_ALLOWED, "Only the owner of a project may change it.");
            case "changed" ->
                throw new RefusedException(
                        Reason.CHANGED_MEANWHILE, "The project has been changed since you looked at it.");
            case "archived" ->
                throw new RefusedException(Reason.ARCHIVED, "The project is archived. Restore it to change it.");
            case "owner" -> throw new RefusedException(Reason.WHO, "The project is yours already.");
            case "full" ->
                throw new RefusedException(
                        Reason.TOO_MANY_MEMBERS,
                        "The project has " + config.membersPerProject() + " members already, which is the most.");
            case "theirs-full" ->
                throw new RefusedException(
                        Reason.TOO_MANY_MEMBERS, "That person is a member of as many projects as possible.");
            default -> throw new IllegalStateException("Not an answer of a script: " + answer.get(0));
        };
    }

    Uni<ProjectList> list(Person person, Selection selection, OptionalLong before) {
        return list(
                switch (selection) {
                    case OWN -> ProjectKeys.ownedBy(person);
                    case SHARED -> ProjectKeys.sharedWith(person);
                    case ARCHIVED -> ProjectKeys.archivedBy(person);
                    case ALL -> ProjectKeys.EVERYBODYS;
                },
                before);
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
        return redis.reading(redis.ask(ids).flatMap(this::readAll)).map(this::page);
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
        return redis.askAll(reads).map(records -> IntStream.range(0, records.size())
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
        Request request = Request.cmd(Command.HMGET).arg(ProjectKeys.project(id));
        FIELDS.forEach(request::arg);
        return request;
    }

    /** The fields in the order of {@link #FIELDS}; null when there is no such project. */
    private static Project project(Response fields) {
        if (fields.get(0) == null) {
            return null;
        }
        return new Project(
                fields.get(0).toString(),
                fields.get(1).toLong(),
                new ProjectText(fields.get(2).toString(), text(fields.get(7)).orElse("")),
                new Person(fields.get(3).toString(), fields.get(4).toString()),
                fields.get(5).toString(),
                seconds(fields.get(6)),
                text(fields.get(8)).map(Long::parseLong).orElse(1L),
                text(fields.get(9)).map(Long::parseLong).orElse(1L),
                Optional.ofNullable(fields.get(10))
                        .map(at -> new Project.Change(
                                seconds(at), text(fields.get(11)).orElse(""))),
                Optional.ofNullable(fields.get(12)).map(ProjectStore::seconds));
    }

    private static Optional<String> text(Response value) {
        return Optional.ofNullable(value).map(Response::toString);
    }

    private static Instant seconds(Response value) {
        return Instant.ofEpochSecond(value.toLong());
    }

    private static Stream<Response> stream(Response array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}

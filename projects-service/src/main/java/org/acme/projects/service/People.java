package org.acme.projects.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.acme.projects.config.ProjectsConfig;

/**
 * The people who have been here, found by the name they are called by or by their full name. There is no list of them:
 * whoever looks for somebody has to know the name.
 */
@Singleton
class People {

    private static final char BETWEEN = '\0';

    private final StoreGateway store;
    private final Directory directory;
    private final ProjectsConfig config;

    /** Somebody who was written down within the hour need not be again; a change of name is. */
    private final Cache<Viewer, Boolean> writtenDown = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    People(StoreGateway store, Directory directory, ProjectsConfig config) {
        this.store = store;
        this.directory = directory;
        this.config = config;
    }

    /** Somebody is here. Nobody has to wait for a store that cannot write it down. */
    Uni<Void> visit(Viewer viewer) {
        if (writtenDown.getIfPresent(viewer) != null) {
            return Uni.createFrom().voidItem();
        }
        Person person = viewer.person();
        List<String> arguments = new ArrayList<>(List.of(
                ProjectKeys.PREFIX,
                person.key(),
                person.issuer(),
                person.subject(),
                viewer.name(),
                Long.toString(config.rememberPeople().toSeconds())));
        Stream.concat(Stream.of(viewer.name()), viewer.fullName().stream())
                .map(Person::keyOfName)
                .distinct()
                .forEach(arguments::add);
        return store.bounded(store.run(Script.VISIT, List.of(ProjectKeys.person(person)), arguments))
                .invoke(() -> writtenDown.put(viewer, true))
                .replaceWithVoid()
                .onFailure(ProjectsUnavailableException.class)
                .recoverWithNull();
    }

    /** The one person of that name; fails with {@link RefusedException} when there is none, or more than one. */
    Uni<Member> named(String name) {
        return store.bounded(store.run(Script.NAMED, List.of(ProjectKeys.called(name)), List.of(ProjectKeys.PREFIX)))
                .chain(found -> switch (found.size()) {
                    case 0 -> directory.named(name).map(People::theOne);
                    case 1 ->
                        Uni.createFrom()
                                .item(new Member(
                                        new Person(
                                                found.get(0).get(0).toString(),
                                                found.get(0).get(1).toString()),
                                        found.get(0).get(2).toString()));
                    default -> throw who("More than one person has that name. Use the name they sign in with.");
                });
    }

    private static Member theOne(Optional<List<Member>> found) {
        List<Member> people =
                found.orElseThrow(() -> who("Nobody of that name has opened the projects yet, and who else"
                        + " there is cannot be asked just now. Try again in a moment."));
        if (people.size() != 1) {
            throw who("Nobody of that name signs in here or has opened the projects. Check the spelling.");
        }
        return people.get(0);
    }

    private static RefusedException who(String message) {
        return new RefusedException(RefusedException.Reason.WHO, message);
    }

    /** A member as it is kept with a project: whole, so that it does not go when the person is forgotten here. */
    static String write(Member member) {
        return member.person().issuer() + BETWEEN + member.person().subject() + BETWEEN + member.name();
    }

    static Optional<Member> read(String text) {
        String[] parts = text.split(String.valueOf(BETWEEN), 3);
        return parts.length < 3 ? Optional.empty() : Optional.of(new Member(new Person(parts[0], parts[1]), parts[2]));
    }

    static List<Member> readAll(Response texts) {
        return StreamSupport.stream(texts.spliterator(), false)
                .flatMap(text -> read(text.toString()).stream())
                .sorted(Comparator.comparing(Member::name, String.CASE_INSENSITIVE_ORDER)
                        .thenComparing(member -> member.person().key()))
                .toList();
    }
}

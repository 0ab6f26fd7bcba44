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
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.acme.projects.config.ProjectsConfig;
import org.acme.projects.service.RefusedException.Reason;

/**
 * People, found by their user name at the provider, which is theirs alone. Those who have been here are suggested by their
 * full name, which anybody may choose. There is no list of them: whoever looks for somebody has to know the name.
 */
@Singleton
class People {

    private static final char BETWEEN = '\0';

    /** Of user names; Keycloak has no longer ones. */
    private static final int LONGEST_NAME = 255;

    private static final String NOBODY =
            "Nobody of that name signs in here. Check the spelling; it is the user name that counts.";

    private static final String CANNOT_BE_ASKED =
            "Who signs in here cannot be asked just now. Nothing is shared; try again in a moment.";

    private final StoreGateway store;
    private final Directory directory;
    private final ProjectsConfig config;

    /** Who was written down within the minute is not again; a change of name is. A store that has lost it learns it anew. */
    private final Cache<Viewer, Boolean> writtenDown = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
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
                Long.toString(config.suggestionTtl().toSeconds())));
        viewer.fullName().map(Person::keyOfName).ifPresent(arguments::add);
        return store.bounded(store.run(Script.VISIT, List.of(ProjectKeys.person(person)), arguments))
                .invoke(() -> writtenDown.put(viewer, true))
                .replaceWithVoid()
                .onFailure(ProjectsUnavailableException.class)
                .recoverWithNull();
    }

    /** The one person of that user name; fails with {@link RefusedException} when there is none, or it cannot be told. */
    Uni<Member> named(String typed) {
        String name = Letters.trimmed(typed);
        if (Letters.isBlank(name)) {
            throw who("Say who: type the user name of somebody.");
        }
        if (Letters.count(name) > LONGEST_NAME) {
            throw who(NOBODY);
        }
        return directory
                .named(name)
                .map(asked -> asked.orElseThrow(() -> who(CANNOT_BE_ASKED)))
                .chain(found -> found.size() == 1
                        ? Uni.createFrom().item(found.get(0))
                        : suggestions(name).map(meant -> {
                            throw meant.isEmpty()
                                    ? who(NOBODY)
                                    : new RefusedException(Reason.WHO, orMeant(meant), meant);
                        }));
    }

    /** Who chose that full name, called by their user names of now. Of whom the directory does not know there is none. */
    private Uni<List<Member>> suggestions(String fullName) {
        return store.bounded(
                        store.run(Script.NAMED, List.of(ProjectKeys.called(fullName)), List.of(ProjectKeys.PREFIX)))
                .map(found -> StreamSupport.stream(found.spliterator(), false)
                        .map(pair ->
                                new Person(pair.get(0).toString(), pair.get(1).toString()))
                        .toList())
                .chain(directory::namesForUs)
                .map(names -> names.orElseThrow(() -> who(CANNOT_BE_ASKED)).entrySet().stream()
                        .map(known -> new Member(known.getKey(), known.getValue()))
                        .sorted(Comparator.comparing(Member::name))
                        .toList());
    }

    private static String orMeant(List<Member> meant) {
        return "Nobody of that name signs in here. It is the full name that these user names have chosen: "
                + meant.stream().map(Member::name).collect(Collectors.joining(", "))
                + ". Anybody may choose any full name, so share with a user name that you know.";
    }

    private static RefusedException who(String message) {
        return new RefusedException(Reason.WHO, message);
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

package org.acme.projects.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.acme.projects.config.ProjectsConfig;
import org.acme.projects.service.Directory;
import org.acme.projects.service.Member;
import org.acme.projects.service.Person;
import org.acme.session.CurrentUser;
import org.acme.session.log.RateLimit;
import org.acme.session.log.RateLimitedLog;

/** The directory of people, which is the users service. Without it, nobody is found and no name is known. */
@Singleton
class UsersDirectory implements Directory {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final UsersClient users;
    private final CurrentUser current;
    private final int lookupsPerMinute;
    private final RateLimitedLog outage = new RateLimitedLog(UsersDirectory.class);

    /** What each has looked up. The users service sees our own token only, so it cannot tell one person's names from another's. */
    private final Cache<Person, RateLimit> lookups =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(MINUTE).build();

    @Inject
    UsersDirectory(UsersClient users, CurrentUser current, ProjectsConfig config) {
        this(users, current, config.lookupsPerMinute());
    }

    UsersDirectory(UsersClient users, CurrentUser current, int lookupsPerMinute) {
        this.users = users;
        this.current = current;
        this.lookupsPerMinute = lookupsPerMinute;
    }

    @Override
    public Uni<Optional<Map<Person, String>>> names(Collection<Person> people) {
        return ask(people, users::people);
    }

    @Override
    public Uni<Optional<Map<Person, String>>> namesForUs(Collection<Person> people) {
        return ask(people, users::peopleForUs);
    }

    private Uni<Optional<Map<Person, String>>> ask(
            Collection<Person> people, Function<List<String>, Uni<List<KnownPerson>>> question) {
        if (people.isEmpty()) {
            return Uni.createFrom().item(Optional.of(Map.of()));
        }
        // Deferred: what keeps a question from being asked at all is one more way of not getting an answer.
        return Uni.createFrom()
                .deferred(() -> question.apply(
                        people.stream().map(Person::subject).distinct().toList()))
                .map(found -> Optional.of(found.stream()
                        .collect(Collectors.toMap(KnownPerson::person, KnownPerson::name, (one, same) -> one))))
                .onFailure()
                .invoke(this::note)
                .onFailure()
                .recoverWithItem(Optional.empty());
    }

    @Override
    public Uni<Optional<List<Member>>> named(String name) {
        return Uni.createFrom()
                .deferred(() -> mayLookUp() ? users.named(name) : tooMany())
                .map(found -> Optional.of(found.stream()
                        .map(it -> new Member(it.person(), it.name()))
                        .toList()))
                .onFailure()
                .invoke(this::note)
                .onFailure()
                .recoverWithItem(Optional.empty());
    }

    private boolean mayLookUp() {
        Person person = new Person(current.get().issuer(), current.get().subject());
        return lookups.get(person, first -> new RateLimit(lookupsPerMinute, MINUTE))
                .admit()
                .isPresent();
    }

    private static <T> Uni<T> tooMany() {
        return Uni.createFrom().failure(new CallersFaultException("One person looks up too many names", null));
    }

    private void note(Throwable failure) {
        outage.warn("The users service does not say who is who: %s", failure.toString());
    }
}

package org.acme.projects.client;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.acme.projects.service.Directory;
import org.acme.projects.service.Member;
import org.acme.projects.service.Person;
import org.acme.session.log.RateLimitedLog;

/** The directory of people, which is the users service. Without it, nobody is found and no name is known. */
@Singleton
class UsersDirectory implements Directory {

    private final UsersClient users;
    private final RateLimitedLog outage = new RateLimitedLog(UsersDirectory.class);

    UsersDirectory(UsersClient users) {
        this.users = users;
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
                .deferred(() -> users.named(name))
                .map(found -> Optional.of(found.stream()
                        .map(it -> new Member(it.person(), it.name()))
                        .toList()))
                .onFailure()
                .invoke(this::note)
                .onFailure()
                .recoverWithItem(Optional.empty());
    }

    private void note(Throwable failure) {
        outage.warn("The users service does not say who is who: %s", failure.toString());
    }
}

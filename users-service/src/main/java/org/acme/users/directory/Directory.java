package org.acme.users.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who is who, as the provider knows its people. Names are remembered for some minutes. */
@Singleton
public class Directory {

    /** Questions that one request puts to the provider at the same time. */
    private static final int AT_ONCE = 8;

    private final RealmQuestions realm;
    private final String issuerOfPeople;
    private final Cache<String, Person> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    Directory(RealmQuestions realm, @ConfigProperty(name = "directory.issuer") String issuer) {
        this.realm = realm;
        this.issuerOfPeople = issuer;
    }

    /**
     * Somebody of the provider.
     *
     * @param issuer with the subject, who it is
     * @param name what they sign in with
     */
    public record Person(String issuer, String subject, String name) {}

    /** Those of these subjects that there are. Fails when the provider cannot be asked. */
    public Uni<List<Person>> people(List<String> subjects) {
        if (subjects.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return Uni.join()
                .all(subjects.stream().distinct().map(this::bySubject).toList())
                .usingConcurrencyOf(AT_ONCE)
                .andFailFast()
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }

    /** Who signs in with that name. Fails when the provider cannot be asked. */
    public Uni<Optional<Person>> named(String name) {
        return realm.withUserName(name).map(users -> users.stream().findFirst().map(this::person));
    }

    private Uni<Optional<Person>> bySubject(String subject) {
        Person person = known.getIfPresent(subject);
        if (person != null) {
            return Uni.createFrom().item(Optional.of(person));
        }
        return realm.withId(subject)
                .map(found -> found.map(this::person))
                .invoke(found -> found.ifPresent(it -> known.put(subject, it)));
    }

    private Person person(RealmUser user) {
        return new Person(issuerOfPeople, user.id(), user.username());
    }
}

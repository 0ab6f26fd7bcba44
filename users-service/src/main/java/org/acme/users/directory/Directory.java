package org.acme.users.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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

    /** Subjects that nobody has: whoever asks for a hundred of them, again and again, asks the provider once. */
    private final Cache<String, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
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

    /** Those of these subjects that there are. Fails with {@link DirectoryUnavailableException}. */
    public Uni<List<Person>> people(List<String> subjects) {
        if (subjects.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return Uni.join()
                .all(subjects.stream().distinct().map(this::bySubject).toList())
                .usingConcurrencyOf(AT_ONCE)
                .andFailFast()
                .map(found -> found.stream().flatMap(Optional::stream).toList())
                .onFailure()
                .transform(DirectoryUnavailableException::new);
    }

    /**
     * Who signs in with that user name: all of it, in any case. A full name finds nobody, because people choose those
     * themselves. Fails with {@link DirectoryUnavailableException}.
     */
    public Uni<Optional<Person>> named(String name) {
        String userName = spelling(name);
        return realm.withUserName(userName)
                .map(users -> users.stream()
                        .map(this::person)
                        .filter(person -> spelling(person.name()).equals(userName))
                        .findFirst())
                .onFailure()
                .transform(DirectoryUnavailableException::new);
    }

    /** Keycloak keeps user names in lower case. Letters with accents are typed in more ways than one. */
    private static String spelling(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private Uni<Optional<Person>> bySubject(String subject) {
        Person person = known.getIfPresent(subject);
        if (person != null) {
            return Uni.createFrom().item(Optional.of(person));
        }
        if (unknown.getIfPresent(subject) != null) {
            return Uni.createFrom().item(Optional.empty());
        }
        return realm.withId(subject)
                .map(found -> found.map(this::person))
                .invoke(found -> found.ifPresentOrElse(it -> known.put(subject, it), () -> unknown.put(subject, true)));
    }

    private Person person(RealmUser user) {
        return new Person(issuerOfPeople, user.id(), user.username());
    }
}

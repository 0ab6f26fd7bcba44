package org.acme.users.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Who is who, as the provider knows its people. Names are cached for some minutes. */
@Singleton
public class Directory {

    /** People that one request may ask about. */
    public static final int MOST_SUBJECTS = 100;

    /** Questions that one request puts to the provider at the same time. */
    private static final int AT_ONCE = 4;

    private final RealmQuestions realm;
    private final LookupLimits limits;
    private final String issuerOfPeople;
    private final Cache<String, Person> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    /** Subjects that nobody has: whoever asks for a hundred of them, again and again, has the provider asked once. */
    private final Cache<String, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    Directory(RealmQuestions realm, LookupLimits limits, DirectoryConfig config) {
        this.realm = realm;
        this.limits = limits;
        this.issuerOfPeople = config.issuer();
    }

    /**
     * Somebody of the provider.
     *
     * @param issuer with the subject, who it is
     * @param name what they sign in with
     */
    public record Person(String issuer, String subject, String name) {}

    /**
     * Those of these subjects that there are.
     *
     * @param subjects at most {@link #MOST_SUBJECTS}
     * @return fails with {@link DirectoryUnavailableException}, and with {@link TooManyLookupsException} when the caller has asked for
     *     too much that is not cached
     */
    public Uni<List<Person>> people(Caller caller, List<String> subjects) {
        List<Person> found = new ArrayList<>();
        List<String> toAsk = new ArrayList<>();
        for (String subject : new LinkedHashSet<>(subjects)) {
            Person person = known.getIfPresent(subject);
            if (person != null) {
                found.add(person);
            } else if (RealmQuestions.isId(subject) && unknown.getIfPresent(subject) == null) {
                toAsk.add(subject);
            }
        }
        if (toAsk.isEmpty()) {
            return Uni.createFrom().item(found);
        }
        return limits.within(caller, toAsk.size(), () -> ask(toAsk))
                .map(asked -> Stream.concat(found.stream(), asked.stream().flatMap(Optional::stream))
                        .toList());
    }

    private Uni<List<Optional<Person>>> ask(List<String> subjects) {
        return Uni.join()
                .all(subjects.stream().map(this::bySubject).toList())
                .usingConcurrencyOf(AT_ONCE)
                .andFailFast()
                .onFailure()
                .transform(DirectoryUnavailableException::new);
    }

    /**
     * Who signs in with that user name: all of it, in any case. A full name finds nobody, because people choose those
     * themselves. Fails as {@link #people} does.
     */
    public Uni<Optional<Person>> named(Caller caller, String name) {
        String userName = spelling(name);
        return limits.within(caller, 1, () -> realm.withUserName(userName)
                .map(users -> users.stream()
                        .map(this::person)
                        .filter(person -> spelling(person.name()).equals(userName))
                        .findFirst())
                .onFailure()
                .transform(DirectoryUnavailableException::new));
    }

    /** Keycloak keeps user names in lower case. Letters with accents are typed in more ways than one. */
    private static String spelling(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private Uni<Optional<Person>> bySubject(String subject) {
        return realm.withId(subject)
                .map(found -> found.map(this::person))
                .invoke(found -> found.ifPresentOrElse(it -> known.put(subject, it), () -> unknown.put(subject, true)));
    }

    private Person person(RealmUser user) {
        return new Person(issuerOfPeople, user.id(), user.username());
    }
}

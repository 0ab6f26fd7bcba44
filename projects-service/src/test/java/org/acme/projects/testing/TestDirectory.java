package org.acme.projects.testing;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.acme.projects.service.Directory;
import org.acme.projects.service.Member;
import org.acme.projects.service.Person;
import org.acme.session.testing.TestSessions;

/**
 * The default provider's people, in the users service's stead: whoever {@link TestSessions} signs in has an account of that
 * user name, and so has everybody else whose name does not begin with "nobody". It does not tell pages what members are called.
 */
@Singleton
@Alternative
@Priority(1)
class TestDirectory implements Directory {

    private static final String SUBJECT = "subject-of-";

    @Override
    public Uni<Optional<Map<Person, String>>> names(Collection<Person> people) {
        return Uni.createFrom().item(Optional.empty());
    }

    @Override
    public Uni<Optional<Map<Person, String>>> namesForUs(Collection<Person> people) {
        return Uni.createFrom()
                .item(Optional.of(people.stream()
                        .filter(person -> person.issuer().equals(TestSessions.ISSUER))
                        .collect(Collectors.toMap(
                                person -> person, person -> person.subject().substring(SUBJECT.length())))));
    }

    @Override
    public Uni<Optional<List<Member>>> named(String name) {
        String userName = name.toLowerCase(Locale.ROOT);
        return Uni.createFrom()
                .item(Optional.of(
                        userName.startsWith("nobody")
                                ? List.of()
                                : List.of(new Member(new Person(TestSessions.ISSUER, SUBJECT + userName), userName))));
    }
}

package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A provider's people by their user names, as the users service tells of them; it may be unavailable. */
final class KnownPeople implements Directory {

    private final Map<String, Person> byUserName = new ConcurrentHashMap<>();
    private volatile boolean away;
    private volatile boolean namesNobody;

    KnownPeople(Viewer... people) {
        for (Viewer viewer : people) {
            called(viewer.name(), viewer.person());
        }
    }

    void called(String userName, Person person) {
        byUserName.values().remove(person);
        byUserName.put(userName, person);
    }

    /** Answers who has a user name, and not what that of somebody is. */
    void namesNobody() {
        namesNobody = true;
    }

    void isAway() {
        away = true;
    }

    @Override
    public Uni<Optional<Map<Person, String>>> names(Collection<Person> people) {
        return Uni.createFrom().item(Optional.empty());
    }

    @Override
    public Uni<Optional<Map<Person, String>>> namesForUs(Collection<Person> people) {
        return namesNobody
                ? Uni.createFrom().item(Optional.empty())
                : answer(() -> byUserName.entrySet().stream()
                        .filter(entry -> people.contains(entry.getValue()))
                        .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey)));
    }

    @Override
    public Uni<Optional<List<Member>>> named(String name) {
        return answer(() -> byUserName.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name.toLowerCase(Locale.ROOT)))
                .map(entry -> new Member(entry.getValue(), entry.getKey()))
                .toList());
    }

    private <T> Uni<Optional<T>> answer(Supplier<T> known) {
        return Uni.createFrom().item(() -> away ? Optional.empty() : Optional.of(known.get()));
    }
}

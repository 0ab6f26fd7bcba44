package org.acme.projects.service;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A change of a project, as it is published.
 *
 * @param project its id
 * @param version what it has come to
 * @param audience the keys of those who may know: owner, members, and who has just ceased to be one
 */
public record ProjectChange(String project, long version, Set<String> audience) {

    public ProjectChange {
        audience = Set.copyOf(audience);
    }

    /** Whether a viewer may be told. */
    public boolean concerns(Viewer viewer) {
        return viewer.administrator() || audience.contains(viewer.person().key());
    }

    /** What those who may know are told. */
    public String json() {
        return "{\"project\":\"" + project + "\",\"version\":" + version + "}";
    }

    /** What a script publishes: id, version and keys, blanks between them. Empty for anything else. */
    static Optional<ProjectChange> parse(String message) {
        String[] words = message.split(" ");
        if (words.length < 2 || !words[1].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new ProjectChange(
                words[0],
                Long.parseLong(words[1]),
                Arrays.stream(words).skip(2).collect(Collectors.toUnmodifiableSet())));
    }
}

package org.acme.projects.service;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is archived, as of one night.
 *
 * @param archived how many projects
 * @param orphaned how many of them belong to somebody whom the directory does not have any more; {@link #UNKNOWN} when it
 *     could not be asked
 */
record Digest(LocalDate day, int archived, int orphaned) {

    static final int UNKNOWN = -1;

    /** With more archived projects, by their owners. @param known those that there are; empty when nobody says */
    Digest and(List<Person> owners, Optional<Map<Person, String>> known) {
        int gone = known.map(there -> (int) owners.stream()
                        .filter(owner -> !there.containsKey(owner))
                        .count())
                .orElse(UNKNOWN);
        return new Digest(
                day, archived + owners.size(), orphaned == UNKNOWN || gone == UNKNOWN ? UNKNOWN : orphaned + gone);
    }
}

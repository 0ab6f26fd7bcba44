package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is who, beyond those who have been here. Nothing here fails: a directory that is unavailable knows nothing. */
public interface Directory {

    /**
     * What people are called now, as the caller of this request may know it; who is not there any more is not in it.
     *
     * @return empty when it cannot be asked
     */
    Uni<Optional<Map<Person, String>>> names(Collection<Person> people);

    /** The same on this service's own behalf, where nobody calls. */
    Uni<Optional<Map<Person, String>>> namesForUs(Collection<Person> people);

    /**
     * Whoever signs in with that user name at the default provider: one or none.
     *
     * @return empty when it cannot be asked
     */
    Uni<Optional<List<Member>>> named(String name);
}

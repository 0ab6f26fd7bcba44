package org.acme.projects.client;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * Asks the users service, briefly: a page waits for it, and does without when it does not come. When most questions fail,
 * none is asked for a while. A refusal of who asks is no failure: one person whom the users service refuses must not keep it
 * from all others.
 */
@ApplicationScoped
@Timeout(value = 1, unit = ChronoUnit.SECONDS)
@Retry(maxRetries = 1, delay = 50, jitter = 25, abortOn = CallersFaultException.class)
@CircuitBreaker(
        requestVolumeThreshold = 8,
        failureRatio = 0.5,
        delay = 3,
        delayUnit = ChronoUnit.SECONDS,
        skipOn = CallersFaultException.class)
class UsersClient {

    private final UsersApi people;
    private final UsersServiceApi services;

    UsersClient(@RestClient UsersApi people, @RestClient UsersServiceApi services) {
        this.people = people;
        this.services = services;
    }

    /** Those of these subjects that there are, in the caller's name. */
    Uni<List<KnownPerson>> people(List<String> subjects) {
        return people.people(subjects);
    }

    /** The same on our own behalf. */
    Uni<List<KnownPerson>> peopleForUs(List<String> subjects) {
        return services.people(subjects);
    }

    /** Whoever signs in with that name, on our own behalf. Somebody has pressed a button for it, and waits longer. */
    @Timeout(value = 4, unit = ChronoUnit.SECONDS)
    Uni<List<KnownPerson>> named(String name) {
        return services.named(name);
    }
}

package org.acme.users.directory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** Asks Keycloak with retries, and not at all for a while when it does not answer anyway. */
@ApplicationScoped
@Timeout(value = 2, unit = ChronoUnit.SECONDS)
@Retry(maxRetries = 1, delay = 100, jitter = 50)
@CircuitBreaker(requestVolumeThreshold = 8, failureRatio = 0.5, delay = 3, delayUnit = ChronoUnit.SECONDS)
class RealmQuestions {

    /**
     * What goes into the path of a request that carries our rights: an id as Keycloak makes them, also for people of a federation.
     * Other words there are other addresses ({@code users/count}).
     */
    private static final Pattern ID = Pattern.compile(
            "(?:f:[0-9a-zA-Z-]{1,64}:[^/\\p{Cntrl}]{1,128})|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final RealmApi realm;

    RealmQuestions(@RestClient RealmApi realm) {
        this.realm = realm;
    }

    /** Whether anybody can have that subject. */
    static boolean isId(String subject) {
        return ID.matcher(subject).matches();
    }

    /** @param id one that {@link #isId} */
    Uni<Optional<RealmUser>> withId(String id) {
        if (!isId(id)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return realm.user(id)
                .map(found -> Optional.of(found).filter(user -> id.equalsIgnoreCase(user.id())))
                .onFailure(RealmQuestions::isNotFound)
                .recoverWithItem(Optional.empty());
    }

    Uni<List<RealmUser>> withUserName(String name) {
        return realm.users(name, true, 2);
    }

    private static boolean isNotFound(Throwable failure) {
        return failure instanceof WebApplicationException answer
                && answer.getResponse().getStatus() == 404;
    }
}

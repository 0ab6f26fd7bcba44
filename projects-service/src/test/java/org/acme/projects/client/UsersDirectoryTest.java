package org.acme.projects.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.CurrentUser;
import org.acme.session.SignedInUser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UsersDirectoryTest {

    private final AtomicInteger asked = new AtomicInteger();
    private SignedInUser signedIn = user("alice");
    private final UsersDirectory directory =
            new UsersDirectory(new UsersClient(null, new Scripted()), new Current(), 3);

    private static SignedInUser user(String name) {
        return new SignedInUser("keycloak", "https://issuer.test", "subject-of-" + name, name, Set.of(), Map.of());
    }

    private boolean answered() {
        return directory.named("bob").await().indefinitely().isPresent();
    }

    @Test
    @DisplayName("E8: names that one person looks up take nothing from what others may look up")
    void eachPersonHasTheirOwn() {
        for (int i = 0; i < 3; i++) {
            assertEquals(true, answered());
        }
        assertEquals(false, answered());
        assertEquals(3, asked.get());
        signedIn = user("carol");
        assertEquals(true, answered());
    }

    private final class Current implements CurrentUser {

        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public SignedInUser get() {
            return signedIn;
        }
    }

    private final class Scripted implements UsersServiceApi {

        @Override
        public Uni<List<KnownPerson>> named(String name) {
            asked.incrementAndGet();
            return Uni.createFrom().item(List.of());
        }

        @Override
        public Uni<List<KnownPerson>> people(List<String> subject) {
            return Uni.createFrom().failure(new UnsupportedOperationException());
        }
    }
}

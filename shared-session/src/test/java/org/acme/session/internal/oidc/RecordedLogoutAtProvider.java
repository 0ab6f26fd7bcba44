package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A provider that ends what it is told to, and remembers by which refresh tokens. Selected by a test's profile only. */
@Alternative
@Singleton
public class RecordedLogoutAtProvider extends LogoutAtProvider {

    public final Set<String> ended = ConcurrentHashMap.newKeySet();

    RecordedLogoutAtProvider(Providers providers) {
        super(providers);
    }

    @Override
    public Uni<Boolean> end(Optional<String> provider, Optional<String> refreshToken) {
        refreshToken.ifPresent(ended::add);
        return Uni.createFrom().item(true);
    }
}

package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.testing.Pauses;

/** A provider that grants, with pauses. Selected by a test's profile only. */
@Alternative
@Singleton
public class ScriptedGrants extends TokenRefresh {

    private final Map<String, String> granted = new ConcurrentHashMap<>();
    private final Pauses pauses;

    ScriptedGrants(Providers providers, Clock clock, SsoConfig config, Pauses pauses) {
        super(providers, clock, config);
        this.pauses = pauses;
    }

    /** The refresh token that a session was granted last. */
    public Optional<String> grantedTo(SessionRecord session) {
        return Optional.ofNullable(granted.get(session.id().value()));
    }

    @Override
    public Uni<Result> refresh(SessionRecord session) {
        String id = session.id().value();
        return pauses.step("GRANT", id, Uni.createFrom().item(() -> {
            String refresh = "refresh-" + UUID.randomUUID();
            granted.put(id, refresh);
            Instant expires = Instant.now().plus(Duration.ofMinutes(5));
            return new Granted(session.refreshed(
                    new Tokens("access-" + UUID.randomUUID(), expires, Optional.of(refresh)), session.identity()));
        }));
    }
}

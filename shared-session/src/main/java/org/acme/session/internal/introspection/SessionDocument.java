package org.acme.session.internal.introspection;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.LowerCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.acme.session.contract.SessionRecord;

/** What a trusted backend is told of a session. Never tokens, never its id. */
@JsonNaming(LowerCamelCaseStrategy.class) // its readers know these names, however the service names things
@RegisterForReflection // no endpoint declares it as its answer, so a native build does not see it
record SessionDocument(
        String issuer,
        String subject,
        String name,
        List<String> roles,
        Instant startedAt,
        Instant endsAt,
        String fingerprint) {

    static SessionDocument of(SessionRecord session) {
        return new SessionDocument(
                session.identity().issuer(),
                session.identity().subject(),
                session.identity().name(),
                session.identity().roles().stream().sorted().toList(),
                session.createdAt(),
                session.until(),
                session.id().fingerprint());
    }
}

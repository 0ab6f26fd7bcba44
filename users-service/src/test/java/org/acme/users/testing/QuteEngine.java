package org.acme.users.testing;

import io.quarkus.qute.EngineBuilder;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.acme.session.testing.TemplatesWithoutReflection;

/** The engine of the tests. */
@Singleton
class QuteEngine {

    void rendersNothingByReflection(@Observes EngineBuilder engine) {
        engine.addValueResolver(new TemplatesWithoutReflection());
    }
}

package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.function.Function;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SignOffTransport;

/** A transport with the faults that Kafka cannot be made to show. Selected by the test's profile only. */
@ApplicationScoped
@Alternative
class ScriptedTransport implements SignOffTransport {

    /** What the next announcement does. */
    enum Behaviour {
        THROWS(ended -> {
            throw new IllegalStateException("broken");
        }),
        FAILS(ended -> Uni.createFrom().failure(new IllegalStateException("broken"))),
        NEVER_ANSWERS(ended -> Uni.createFrom().nothing()),
        REACHES_NOBODY(ended -> Uni.createFrom().item(Acknowledgements.NONE)),
        REACHES_ALL(ended -> Uni.createFrom().item(new Acknowledgements(ended.awaited())));

        private final Function<SessionEnded, Uni<Acknowledgements>> answer;

        Behaviour(Function<SessionEnded, Uni<Acknowledgements>> answer) {
            this.answer = answer;
        }
    }

    volatile Behaviour behaviour = Behaviour.REACHES_NOBODY;

    void behave(Behaviour next) {
        behaviour = next;
    }

    @Override
    public Uni<Acknowledgements> announce(SessionEnded ended) {
        return behaviour.answer.apply(ended);
    }
}

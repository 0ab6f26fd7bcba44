package org.acme.session.internal.lifecycle;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.acme.session.SignOffOutcome;

/** How long the steps of one sign-off took. */
final class SignOffSteps {

    private final long askedAt = System.nanoTime();
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private FleetReply fleet = new FleetReply(0, 0);

    synchronized void done(String step) {
        millis.put(step, took().toMillis());
    }

    synchronized void forgotten(FleetReply reply) {
        fleet = reply;
        if (reply.leaseWaitedFor()) {
            done("lease");
        }
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }

    synchronized Map<String, Long> millis() {
        return Map.copyOf(millis);
    }

    synchronized SignOffResult result(SignOffOutcome outcome) {
        return new SignOffResult(outcome, fleet.instances(), fleet.confirmed(), took());
    }
}

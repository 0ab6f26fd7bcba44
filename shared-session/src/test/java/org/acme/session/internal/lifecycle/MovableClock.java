package org.acme.session.internal.lifecycle;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes wrong when told to. Selected by a test's profile only. */
@Alternative
@Singleton
public class MovableClock extends Clock {

    private volatile Duration wrongBy = Duration.ZERO;

    void wrongBy(Duration offset) {
        wrongBy = offset;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(wrongBy);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}

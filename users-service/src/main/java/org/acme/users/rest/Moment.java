package org.acme.users.rest;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A point in time for a {@code <time>} element.
 *
 * @param machine ISO 8601, to the second
 * @param human for reading, in UTC
 */
record Moment(String machine, String human) {

    private static final DateTimeFormatter HUMAN = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    static Moment of(Instant instant) {
        return new Moment(instant.truncatedTo(ChronoUnit.SECONDS).toString(), HUMAN.format(instant));
    }
}

package org.acme.layout;

import io.quarkus.qute.TemplateExtension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Points in time for {@code <time>} elements; {@code {#time project.created /}} writes one. */
@TemplateExtension
class TimeExtensions {

    private static final DateTimeFormatter READABLE = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private TimeExtensions() {}

    /** ISO 8601, to the second. */
    static String machine(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** For reading, in UTC: a script puts it into the reader's zone. */
    static String readable(Instant instant) {
        return READABLE.format(instant);
    }
}

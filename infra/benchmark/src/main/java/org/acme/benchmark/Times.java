package org.acme.benchmark;

import java.util.List;
import java.util.Locale;

/** Durations in nanoseconds, as a table shows them. */
final class Times {

    private Times() {}

    /** Median, 99th percentile and longest, in milliseconds. */
    static String of(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int count = sorted.size();
        return count == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.1f / %.1f / %.1f",
                        sorted.get(count / 2) / 1e6,
                        sorted.get(count * 99 / 100) / 1e6,
                        sorted.get(count - 1) / 1e6);
    }
}

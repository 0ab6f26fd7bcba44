package org.acme.users.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket for each key: full at first, and filled again at a steady rate. Safe for all threads.
 *
 * @param <K> what has a bucket of its own
 */
final class TokenBuckets<K> {

    private static final double NANOS = 1e9;

    private final double capacity;
    private final double perSecond;
    private final LongSupplier nanoTime;

    /** Each take writes, so that a bucket is forgotten when it would be full again. */
    private final Cache<K, Bucket> buckets;

    private record Bucket(double tokens, long asOf) {}

    /** @param nanoTime a monotonic clock, in nanoseconds */
    TokenBuckets(int capacity, int perSecond, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(Duration.ofSeconds(1 + capacity / perSecond))
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /**
     * Takes all of these tokens, or none.
     *
     * @param tokens at most the capacity
     * @return zero when they were taken, or else how long to wait until they are there
     */
    Duration take(K key, int tokens) {
        long now = nanoTime.getAsLong();
        Duration[] wait = {Duration.ZERO};
        buckets.asMap().compute(key, (same, bucket) -> {
            double there = bucket == null
                    ? capacity
                    : Math.min(capacity, bucket.tokens() + (now - bucket.asOf()) / NANOS * perSecond);
            if (there < tokens) {
                wait[0] = Duration.ofNanos((long) Math.ceil((tokens - there) / perSecond * NANOS));
                return new Bucket(there, now);
            }
            return new Bucket(there - tokens, now);
        });
        return wait[0];
    }
}

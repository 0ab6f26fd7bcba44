package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The same for each of many, some at a time. */
final class Concurrently {

    private static final int AT_ONCE = 8;

    private Concurrently() {}

    /** Goes on when one fails, so that what can be done is done; fails then with the first failure. */
    static <T, R> Uni<List<R>> of(Collection<T> items, Function<T, Uni<R>> action) {
        return items.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join()
                        .all(items.stream().map(action).toList())
                        .usingConcurrencyOf(AT_ONCE)
                        .andCollectFailures()
                        .onFailure(CompositeException.class)
                        .transform(Throwable::getCause);
    }
}

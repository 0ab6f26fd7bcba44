package org.acme.session.internal.observability;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What people may watch, told while somebody does. To nobody it costs the read of one field. */
@Singleton
public class ActivityFeed {

    private static final BiConsumer<String, Map<String, String>> NOBODY = (kind, details) -> {};

    private volatile BiConsumer<String, Map<String, String>> watcher = NOBODY;

    /** From now on somebody watches. @param watcher is told a kind and details, on any thread, and returns at once */
    public void tell(BiConsumer<String, Map<String, String>> watcher) {
        this.watcher = watcher;
    }

    public void stop() {
        watcher = NOBODY;
    }

    /** @param details made only when somebody watches */
    void happened(String kind, Supplier<Map<String, String>> details) {
        BiConsumer<String, Map<String, String>> now = watcher;
        if (now != NOBODY) {
            now.accept(kind, details.get());
        }
    }
}

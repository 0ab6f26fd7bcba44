package org.acme.session.internal.cache;

import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wakes who waits for the end of a session when an event about it comes. A signal proves nothing (an event may be forged): whoever
 * is woken asks Redis.
 */
@Singleton
public class SessionEndNotifier {

    private final Map<String, Set<Runnable>> waiting = new ConcurrentHashMap<>();

    /**
     * An item whenever this session, or the provider session that opened it, is said to have ended.
     *
     * @param session SHA-256 of the session id
     * @param providerSession SHA-256 of issuer and {@code sid}
     */
    public Multi<Long> of(String session, Optional<String> providerSession) {
        return Multi.createFrom().emitter(emitter -> {
            Runnable wake = () -> emitter.emit(0L);
            add(session, wake);
            providerSession.ifPresent(hash -> add(hash, wake));
            emitter.onTermination(() -> {
                remove(session, wake);
                providerSession.ifPresent(hash -> remove(hash, wake));
            });
        });
    }

    void wake(String session, Optional<String> providerSession) {
        wake(session);
        providerSession.ifPresent(this::wake);
    }

    private void wake(String hash) {
        waiting.getOrDefault(hash, Set.of()).forEach(Runnable::run);
    }

    private void add(String hash, Runnable wake) {
        waiting.compute(hash, (key, all) -> {
            Set<Runnable> those = all == null ? ConcurrentHashMap.newKeySet() : all;
            those.add(wake);
            return those;
        });
    }

    private void remove(String hash, Runnable wake) {
        waiting.computeIfPresent(hash, (key, all) -> {
            all.remove(wake);
            return all.isEmpty() ? null : all;
        });
    }
}

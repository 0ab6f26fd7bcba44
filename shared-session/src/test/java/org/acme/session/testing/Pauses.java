package org.acme.session.testing;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/** Holds one step of a request: its n-th that is about a session, before it is taken or before its outcome is heard. */
@Singleton
public class Pauses {

    private record Armed(
            String session, int step, boolean after, CompletableFuture<String> reached, CompletableFuture<Void> goOn) {}

    private Armed armed;
    private int next;

    /** @return completes when the step is reached, with its name */
    public synchronized CompletableFuture<String> at(int step, boolean after, String session) {
        armed = new Armed(session, step, after, new CompletableFuture<>(), new CompletableFuture<>());
        next = 0;
        return armed.reached();
    }

    public synchronized void goOn() {
        armed.goOn().complete(null);
    }

    /** One step. @param about holds the id of the session it is about */
    public <T> Uni<T> step(String name, String about, Uni<T> taken) {
        return Uni.createFrom().deferred(() -> {
            Armed pause = reached(about);
            if (pause == null) {
                return taken;
            }
            Uni<Void> goOn = Uni.createFrom().completionStage(pause.goOn());
            if (pause.after()) {
                return taken.call(() -> {
                    pause.reached().complete("after " + name);
                    return goOn;
                });
            }
            pause.reached().complete("before " + name);
            return goOn.chain(() -> taken);
        });
    }

    private synchronized Armed reached(String about) {
        return armed != null && about.contains(armed.session()) && next++ == armed.step() ? armed : null;
    }
}

package org.acme.session.internal.cache;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Brings a result back to the current Vert.x context, that of the request that asked for it: timers and loads of other requests
 * complete elsewhere, and a request must not go on in a foreign context.
 */
public final class CurrentContext {

    private CurrentContext() {}

    /**
     * Waits for something that goes on by itself: who stops waiting does not stop it. ({@code Uni.completionStage} would
     * cancel it for everybody.) Continued as {@link #resume} says.
     */
    public static <T> Uni<T> await(CompletableFuture<T> running) {
        return resume(Uni.createFrom()
                .emitter(emitter -> running.whenComplete((item, failure) -> {
                    if (failure != null) {
                        emitter.fail(failure);
                    } else {
                        emitter.complete(item);
                    }
                })));
    }

    /** The same, continued in the context that calls this method; as it is, when called outside of any. */
    public static <T> Uni<T> resume(Uni<T> result) {
        return result.emitOn(executor());
    }

    /** Runs tasks in the context that calls this method; where it is given them, when called outside of any. */
    static Executor executor() {
        Context caller = Vertx.currentContext();
        if (caller == null) {
            return Runnable::run;
        }
        return task -> {
            if (Vertx.currentContext() == caller) {
                task.run();
            } else {
                caller.runOnContext(ignored -> task.run());
            }
        };
    }
}

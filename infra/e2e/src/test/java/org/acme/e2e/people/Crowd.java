package org.acme.e2e.people;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.acme.e2e.stack.Stack;

/** Many people, each signed in with a browser of their own: alice, bob, alice, bob, … */
public final class Crowd {

    private Crowd() {}

    /**
     * Half of them Alice, half Bob. Keycloak's brute-force protection refuses a user who signs in twice at the same
     * moment, so each of the two signs in one time after the other.
     */
    public static List<Visitor> signIn(Stack stack, int size) {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            CompletableFuture<List<Visitor>> alices = CompletableFuture.supplyAsync(
                    () -> signIn(stack, "alice", "/users/profile", size - size / 2), pool);
            CompletableFuture<List<Visitor>> bobs =
                    CompletableFuture.supplyAsync(() -> signIn(stack, "bob", "/projects/", size / 2), pool);
            return IntStream.range(0, size)
                    .mapToObj(i -> (i % 2 == 0 ? alices : bobs).join().get(i / 2))
                    .toList();
        } finally {
            pool.shutdown();
        }
    }

    private static List<Visitor> signIn(Stack stack, String name, String page, int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> {
                    Visitor visitor = new Visitor(stack.base());
                    visitor.signIn(name, page);
                    return visitor;
                })
                .toList();
    }
}

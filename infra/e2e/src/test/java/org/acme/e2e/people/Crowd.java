package org.acme.e2e.people;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.acme.e2e.stack.Stack;

/** Many people, each signed in with a browser of their own: alice, bob, alice, bob, … */
public final class Crowd {

    private static final int AT_ONCE = 4;

    private Crowd() {}

    public static List<Visitor> signIn(Stack stack, int size) {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<CompletableFuture<Visitor>> people = IntStream.range(0, size)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> signIn(stack, i % 2 == 0), pool))
                    .toList();
            return people.stream().map(CompletableFuture::join).toList();
        } finally {
            pool.shutdown();
        }
    }

    private static Visitor signIn(Stack stack, boolean alice) {
        Visitor visitor = new Visitor(stack.base());
        visitor.signIn(alice ? "alice" : "bob", alice ? "/users/profile" : "/projects/");
        return visitor;
    }
}

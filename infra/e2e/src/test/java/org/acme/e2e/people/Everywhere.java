package org.acme.e2e.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;

/** Asks every instance of every service, past nginx, who a visitor is. */
public final class Everywhere {

    private Everywhere() {}

    /** Status by instance: 200 where the visitor is known, 401 where not. All are asked at once. */
    public static Map<String, Integer> ask(Stack stack, Visitor visitor) {
        Map<String, Integer> statuses = new TreeMap<>();
        askLater(stack, visitor)
                .forEach((name, answer) ->
                        statuses.put(name, Visitor.joined(answer).status()));
        return statuses;
    }

    /** The same without waiting for the answers. */
    public static Map<String, CompletableFuture<Answer>> askLater(Stack stack, Visitor visitor) {
        Map<String, CompletableFuture<Answer>> answers = new TreeMap<>();
        for (Instance instance : stack.instances()) {
            answers.put(instance.name(), visitor.getAsync(instance.whoAmI(), Visitor.SCRIPT));
        }
        return answers;
    }

    /** Every instance knows the visitor. */
    public static void assertKnown(Stack stack, Visitor visitor) {
        assertThat(ask(stack, visitor))
                .as("who is known, by instance")
                .hasSameSizeAs(stack.instances())
                .allSatisfy((at, status) -> assertThat(status).isEqualTo(200));
    }

    /** Every instance knows whoever holds that cookie value. */
    public static void assertKnown(Stack stack, String sso) {
        assertKnown(stack, withCookie(stack, sso));
    }

    /** Whether every instance holds a lease, now that this visitor uses all of them: one that nobody uses has none. */
    public static boolean allHoldLeases(Stack stack, Visitor visitor) {
        ask(stack, visitor);
        return stack.redis().leases() == stack.instances().size();
    }

    /** No instance knows the visitor. */
    public static void assertUnknown(Stack stack, Visitor visitor) {
        assertThat(ask(stack, visitor))
                .as("who is known, by instance")
                .hasSameSizeAs(stack.instances())
                .allSatisfy((at, status) -> assertThat(status).isEqualTo(401));
    }

    /** No instance knows whoever holds that cookie value. */
    public static void assertUnknown(Stack stack, String sso) {
        assertUnknown(stack, withCookie(stack, sso));
    }

    /** The same for whoever holds that cookie value. */
    public static Map<String, Integer> ask(Stack stack, String sso) {
        return ask(stack, withCookie(stack, sso));
    }

    /** A visitor whose browser holds that session cookie and nothing else. */
    public static Visitor withCookie(Stack stack, String sso) {
        Visitor visitor = new Visitor(stack.base());
        visitor.cookies().put(Site.COOKIE, sso);
        return visitor;
    }
}

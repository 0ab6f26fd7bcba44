package org.acme.benchmark;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Every instance of every service, asked directly. A status of 0 is no answer in time. */
final class Fleet {

    static final int ACCEPTED = 200;
    static final int REFUSED = 401;
    static final int SIGNED_OFF = 303;
    private static final int PATIENCE_SECONDS = 20;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Addresses that answer 200 to who is signed in and 401 to anybody else. */
    private final List<String> asked;

    private final String users;

    Fleet(Map<String, String> env) {
        asked = List.of(env.get("ASKED").trim().split("\\s+"));
        users = env.get("BASE_URL") + "/users";
    }

    int size() {
        return asked.size();
    }

    List<String> addresses() {
        return asked;
    }

    /** Has every instance cache somebody. */
    void warm(Person person) {
        warmLater(person).join();
    }

    CompletableFuture<Void> warmLater(Person person) {
        return allLater(person, PATIENCE_SECONDS).thenAccept(known -> {
            if (known.stream().anyMatch(status -> status != ACCEPTED)) {
                throw new IllegalStateException("Somebody who is signed in is answered " + known);
            }
        });
    }

    int accepting(Person person) {
        return (int) all(person).stream().filter(status -> status == ACCEPTED).count();
    }

    private List<Integer> all(Person person) {
        return allLater(person, PATIENCE_SECONDS).join();
    }

    CompletableFuture<List<Integer>> allLater(Person person, int seconds) {
        List<CompletableFuture<Integer>> answers =
                asked.stream().map(address -> ask(person, address, seconds)).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    CompletableFuture<Integer> ask(Person person, String address) {
        return ask(person, address, PATIENCE_SECONDS);
    }

    private CompletableFuture<Integer> ask(Person person, String address, int seconds) {
        return status(HttpRequest.newBuilder(URI.create(address)).header("Cookie", person.cookie()), seconds);
    }

    /** By nginx, as a browser does. */
    CompletableFuture<Integer> signOff(Person person) {
        return signOffAt(users, person);
    }

    /** @param service an instance of the users, e.g. {@code http://127.0.0.1:8101/users} */
    CompletableFuture<Integer> signOffAt(String service, Person person) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service + "/auth/sign-off"))
                .header("Cookie", person.cookie())
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.noBody());
        return status(request, PATIENCE_SECONDS);
    }

    private CompletableFuture<Integer> status(HttpRequest.Builder request, int seconds) {
        return http.sendAsync(request.timeout(Duration.ofSeconds(seconds)).build(), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(away -> 0);
    }
}

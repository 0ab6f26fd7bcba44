import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.Tokens;

/**
 * Signs people off and asks every instance afterwards. Run by infra/bench, on the class path of a built service; its people
 * are written to Redis by the contract's own classes and scripts, as a sign-in writes them, with no refresh token: so the
 * provider has no part in what is measured.
 *
 * <p>A violation is a request that was sent after the answer to the sign-off and is accepted.
 */
public final class SignOffs {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ScheduledExecutorService LATER = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, String> env = System.getenv();
    private final String base = env.get("BASE_URL");
    /** Addresses that answer 200 to who is signed in and 401 to anybody else. */
    private final List<String> asked = List.of(env.get("ASKED").trim().split("\\s+"));
    private final TokenSeal seal = TokenSeal.of(List.of(env.get("SSO_SEAL_KEYS").split(",")));
    private final CookieSigner signer = new CookieSigner(List.of(env.get("SSO_COOKIE_SECRETS").split(",")));
    private final Vertx vertx = Vertx.vertx();
    private final Redis redis = Redis.createClient(
            vertx, new RedisOptions().setConnectionString(env.get("REDIS_URL")).setMaxPoolSize(8));

    public static void main(String... arguments) throws Exception {
        SignOffs signOffs = new SignOffs();
        if (arguments[0].equals("faults")) {
            signOffs.faults();
        } else {
            signOffs.measure(arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        }
        System.exit(0);
    }

    // --- infra/bench sign-off -----------------------------------------------------------------------------------------

    private void measure(String title, int trials, int load) throws Exception {
        for (int i = 0; i < 100; i++) {
            warm(begin());
            signOff(begin(), 20).join();
        }
        AtomicInteger loading = new AtomicInteger(1);
        for (int i = 0; i < load; i++) {
            keepAsking(begin(), asked.get(i % asked.size()), loading);
        }
        List<Long> answered = new ArrayList<>();
        int violations = 0;
        for (int i = 0; i < trials; i++) {
            String cookie = begin();
            warm(cookie);
            long start = System.nanoTime();
            int status = signOff(cookie, 20).join();
            answered.add(System.nanoTime() - start);
            if (status != 303) {
                throw new IllegalStateException("A sign-off answered " + status);
            }
            violations += (int) all(cookie, 20).stream().filter(found -> found == 200).count();
        }
        // Apart from the others: asking all the time is a load of its own.
        List<Long> refused = new ArrayList<>();
        for (int i = 0; i < trials / 5; i++) {
            String cookie = begin();
            warm(cookie);
            long start = System.nanoTime();
            List<CompletableFuture<Long>> probes =
                    asked.stream().map(address -> untilRefused(cookie, address)).toList();
            signOff(cookie, 20).join();
            long last = 0;
            for (CompletableFuture<Long> probe : probes) {
                last = Math.max(last, probe.join() - start);
            }
            refused.add(last);
        }
        loading.set(0);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %d |%n",
                title, trials, percentiles(answered), percentiles(refused), violations);
    }

    private CompletableFuture<Long> untilRefused(String cookie, String address) {
        return ask(cookie, address, 20)
                .thenCompose(status -> status == 401
                        ? CompletableFuture.completedFuture(System.nanoTime())
                        : untilRefused(cookie, address));
    }

    private void keepAsking(String cookie, String address, AtomicInteger going) {
        ask(cookie, address, 20).thenAccept(status -> {
            if (going.get() > 0) {
                keepAsking(cookie, address, going);
            }
        });
    }

    // --- infra/bench faults -------------------------------------------------------------------------------------------

    private record Fault(String title, List<String> begin, List<String> end, int seconds) {}

    private record Outcome(String during, long took, int status) {}

    private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
    private volatile String during = "";

    private void faults() throws Exception {
        List<Fault> faults = List.of(
                new Fault("nothing", List.of(), List.of(), 6),
                new Fault("the broker killed", List.of("kill kafka"), List.of(), 6),
                new Fault("the broker started again", List.of("start kafka"), List.of(), 4),
                new Fault("the broker paused", List.of("pause kafka"), List.of("resume kafka"), 6),
                new Fault("the broker back", List.of(), List.of(), 4),
                new Fault("an instance paused for 5 s", List.of("pause users-2"), List.of("resume users-2"), 5),
                new Fault("that instance going on", List.of(), List.of(), 4),
                new Fault("an instance killed", List.of("kill projects-2"), List.of(), 4),
                new Fault("an instance starting", List.of("start projects-2"), List.of(), 4),
                new Fault("Redis paused for 3 s", List.of("pause redis"), List.of("resume redis"), 3),
                new Fault("Redis back", List.of(), List.of(), 5));
        for (int i = 0; i < 50; i++) {
            warm(begin());
            signOff(begin(), 20).join();
        }
        for (Fault fault : faults) {
            during = fault.title();
            for (String part : fault.begin()) part(part);
            runFor(Duration.ofSeconds(fault.seconds()));
            for (String part : fault.end()) part(part);
        }
        during = "nobody waited for (the check on the check)";
        withoutTheWait();
        TimeUnit.SECONDS.sleep(5); // the last questions
        System.out.println("| during | sign-offs | answered | p50 / p99 / longest, ms | violations |");
        System.out.println("|---|---|---|---|---|");
        List<String> titles = new ArrayList<>(faults.stream().map(Fault::title).toList());
        titles.add(during);
        for (String title : titles) {
            List<Outcome> all = outcomes.stream().filter(o -> o.during().equals(title)).toList();
            List<Long> times = new ArrayList<>(
                    all.stream().filter(o -> o.status() == 303).map(Outcome::took).toList());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %s | %d |%n",
                    title, all.size(), times.size(), percentiles(times), accepted.stream().filter(title::equals).count());
        }
    }

    /** Ten sign-offs a second, whether or not those before have been answered. */
    private void runFor(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LATER.execute(this::signOffAndCheck);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void signOffAndCheck() {
        String now = during;
        beginLater()
                .thenCompose(cookie -> allLater(cookie, 1)
                        .thenCompose(warm -> {
                            long start = System.nanoTime();
                            return signOff(cookie, 20).thenAccept(status -> {
                                outcomes.add(new Outcome(now, System.nanoTime() - start, status));
                                if (status == 303) {
                                    for (int later : new int[] {0, 20, 100, 300, 700, 1500, 3000}) {
                                        LATER.schedule(() -> check(now, cookie), later, TimeUnit.MILLISECONDS);
                                    }
                                }
                            });
                        }))
                // Nobody could be signed in: there is nothing to sign off.
                .exceptionally(away -> null);
    }

    /** The news cannot travel, and the table says that nobody has a lease: each such sign-off breaks the promise. */
    private void withoutTheWait() throws Exception {
        String broker = Files.readString(Path.of(env.get("RUN_DIR"), "kafka.pid")).split(" ")[0];
        for (int trial = 0; trial < 5; trial++) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (Integer.parseInt(send("ZCARD", Keys.LEASES).join().toString()) < asked.size()) {
                if (System.nanoTime() > deadline) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            String cookie = begin();
            warm(cookie);
            new ProcessBuilder("kill", "-STOP", broker).start().waitFor();
            try {
                warm(cookie);
                send("DEL", Keys.LEASES).join();
                long start = System.nanoTime();
                int status = signOff(cookie, 20).join();
                outcomes.add(new Outcome(during, System.nanoTime() - start, status));
                all(cookie, 15).stream().filter(found -> found == 200).forEach(found -> accepted.add(during));
            } finally {
                new ProcessBuilder("kill", "-CONT", broker).start().waitFor();
            }
        }
    }

    private void check(String now, String cookie) {
        for (String address : asked) {
            ask(cookie, address, 15).thenAccept(status -> {
                if (status == 200) {
                    accepted.add(now);
                }
            });
        }
    }

    private void part(String words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(env.get("INFRA_DIR") + "/part"));
        command.addAll(List.of(words.split(" ")));
        command.add("--no-wait");
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    // --- people -------------------------------------------------------------------------------------------------------

    private String begin() {
        return beginLater().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** @return the Cookie header of somebody who is signed in */
    private CompletableFuture<String> beginLater() {
        Instant now = Instant.now();
        Identity who = new Identity(
                "keycloak",
                env.get("KEYCLOAK_URL") + "/realms/sso",
                UUID.randomUUID().toString(),
                Optional.of(UUID.randomUUID().toString()),
                "somebody",
                Set.of("user"),
                Map.of());
        SessionRecord session = SessionRecord.begin(
                SessionId.random(),
                who,
                now,
                now.plusSeconds(3600),
                "infra/bench",
                new Tokens("none", now.plusSeconds(3600), Optional.empty()));
        String until = Long.toString(session.until().toEpochMilli());
        List<String> create = new ArrayList<>(List.of(
                "EVAL", script("create"), "2", Keys.express(session.id()), Keys.record(session.id()), "1800000", until,
                ExpressRecord.write(who, session.until(), base.startsWith("https:"))));
        session.write(seal).forEach((field, value) -> create.addAll(List.of(field, value)));
        return send("EVAL", script("index"), "1", Keys.userIndex(who.issuer(), who.subject()), session.id().value(), until)
                .thenCompose(done -> send("EVAL", script("index"), "1",
                        Keys.providerSessionIndex(who.providerSessionHash().orElseThrow()), session.id().value(), until))
                .thenCompose(done -> send(create.toArray(String[]::new)))
                .thenApply(done -> "sso=" + signer.sign(session.id()).replace("+", "%2B").replace("/", "%2F").replace(":", "%3A"));
    }

    private CompletableFuture<?> send(String... words) {
        Request request = Request.cmd(Command.create(words[0]));
        for (int i = 1; i < words.length; i++) {
            request.arg(words[i]);
        }
        return redis.send(request).toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS);
    }

    private static String script(String name) {
        try (var file = SessionRecord.class.getResourceAsStream("/org/acme/session/scripts/" + name + ".lua")) {
            return new String(file.readAllBytes());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void warm(String cookie) {
        List<Integer> known = all(cookie, 20);
        if (known.stream().anyMatch(status -> status != 200)) {
            throw new IllegalStateException("Somebody who is signed in is answered " + known);
        }
    }

    private List<Integer> all(String cookie, int seconds) {
        return allLater(cookie, seconds).join();
    }

    private CompletableFuture<List<Integer>> allLater(String cookie, int seconds) {
        List<CompletableFuture<Integer>> answers =
                asked.stream().map(address -> ask(cookie, address, seconds)).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    /** @return the status; 0 when there was none in time */
    private CompletableFuture<Integer> ask(String cookie, String address, int seconds) {
        return status(HttpRequest.newBuilder(URI.create(address)).header("Cookie", cookie), seconds);
    }

    private CompletableFuture<Integer> signOff(String cookie, int seconds) {
        return status(
                HttpRequest.newBuilder(URI.create(base + "/users/auth/sign-off"))
                        .header("Cookie", cookie)
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(BodyPublishers.noBody()),
                seconds);
    }

    private static CompletableFuture<Integer> status(HttpRequest.Builder request, int seconds) {
        return HTTP.sendAsync(
                        request.timeout(Duration.ofSeconds(seconds)).build(), BodyHandlers.discarding())
                .thenApply(answer -> answer.statusCode())
                .exceptionally(away -> 0);
    }

    private static String percentiles(List<Long> nanos) {
        if (nanos.isEmpty()) {
            return "";
        }
        Collections.sort(nanos);
        return String.format(
                Locale.ROOT,
                "%.1f / %.1f / %.1f",
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6,
                nanos.get(nanos.size() - 1) / 1e6);
    }
}

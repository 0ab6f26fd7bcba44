package org.acme.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A roll-out of the rendered services, as processes beside a local stack whose own instances step aside: docs/kubernetes.md says how to run it.
 * nginx knows three addresses of each service, and is told of nothing: it meets each leaving pod for as long as that listens, and a
 * refused connection afterwards, as with a name that is cached too long.
 */
@EnabledIfSystemProperty(named = "pods.stack", matches = ".+")
class PodsTest {

    private static final Path STACK = Path.of(System.getProperty("pods.stack", ""));
    private static final int PEOPLE = 4;
    private static final Pattern FORM = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final List<String> PAGES = List.of("/users/api/me", "/projects/api/projects", "/users/profile");

    private final Map<String, String> stack = settings(STACK.resolve("run/stack"));
    private final int port = Integer.parseInt(stack.get("PORT"));
    private final String base = "http://localhost:" + port;
    private final List<Pod> pods = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    @AfterEach
    void endPods() {
        pods.forEach(Pod::close);
    }

    @Test
    @DisplayName(
            "A roll-out of both services under load: no safe request fails, nobody is signed out, and sign-offs hold everywhere")
    void rollOut() throws Exception {
        assertThat(stack.get("INSTANCES")).as("infra/up --instances 3").isEqualTo("3");
        Manifests manifests = Overlays.render("try", List.of(), STACK);
        for (String service : Fleet.SERVICES) {
            for (int i = 1; i <= 3; i++) {
                infra("part", "stop", service + "-" + i);
            }
        }
        Map<String, List<Pod>> old = new HashMap<>();
        for (String service : Fleet.SERVICES) {
            old.put(service, List.of(pod(manifests, service, 1), pod(manifests, service, 2)));
        }
        pods.forEach(Pod::awaitAvailable);

        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            sessions.add(signIn());
        }
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> load = sessions.stream()
                .map(session -> new Thread(() -> ask(session, over, answered, failed), "load"))
                .toList();
        load.forEach(Thread::start);
        List<Duration> ends = new ArrayList<>();
        try {
            for (int round = 0; round < 2; round++) {
                List<Pod> fresh = new ArrayList<>();
                for (String service : Fleet.SERVICES) {
                    // The first of the new ones has the third place, the second that of the first that left.
                    fresh.add(pod(manifests, service, round == 0 ? 3 : 1));
                }
                fresh.forEach(Pod::awaitAvailable);
                for (String service : Fleet.SERVICES) {
                    ends.add(old.get(service).get(round).leave());
                }
            }
        } finally {
            over.set(true);
            for (Thread thread : load) {
                thread.join();
            }
        }
        System.out.printf(
                "roll-out: %d answers, %d failed; from SIGTERM to the end: %s%n", answered.get(), failed.size(), ends);
        assertThat(failed).isEmpty();
        assertThat(answered.get()).isGreaterThan(1000);
        assertThat(old.values().stream().flatMap(List::stream).map(Pod::said))
                .allSatisfy(said -> assertThat(said).doesNotContain("The lease was not given back"));

        List<Pod> alive = pods.subList(pods.size() - 2 * Fleet.SERVICES.size(), pods.size());
        for (String session : sessions) {
            Instant start = Instant.now();
            assertThat(signOff(session)).isEqualTo(303);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
            for (Pod pod : alive) {
                String service = pod.port() < port + 120 ? "/users/api/me" : "/projects/api/projects";
                assertThat(status("http://127.0.0.1:" + pod.port() + service, session))
                        .isEqualTo(401);
            }
        }
    }

    private Pod pod(Manifests manifests, String service, int place) throws IOException, InterruptedException {
        JsonNode deployment = manifests.find("Deployment", service + "-service").orElseThrow();
        Map<String, String> addresses = Map.of(
                "http://sso.localhost:8080", base,
                "http://id.sso.localhost:8180", "http://localhost:" + (port + 100),
                "http://keycloak:8080", "http://127.0.0.1:" + (port + 101),
                "http://nginx:8183", "http://127.0.0.1:" + (port + 103),
                "@redis:6379", "@127.0.0.1:" + (port + 310),
                "kafka:9092", "127.0.0.1:" + (port + 320));
        Pod pod = Pod.start(manifests, deployment, addresses, port + ports(service) + place);
        pods.add(pod);
        return pod;
    }

    private static int ports(String service) {
        return Shell.read(Shell.REPOSITORY.resolve("infra/services"))
                .lines()
                .filter(line -> line.startsWith(service + " "))
                .map(line -> Integer.parseInt(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }

    private void ask(String session, AtomicBoolean over, AtomicInteger answered, Queue<String> failed) {
        for (int i = 0; !over.get(); i++) {
            String page = PAGES.get(i % PAGES.size());
            try {
                int status = status(base + page, session);
                answered.incrementAndGet();
                if (status != 200) {
                    failed.add(Instant.now() + " " + page + " " + status);
                }
            } catch (IOException e) {
                failed.add(Instant.now() + " " + page + " " + e);
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private int status(String url, String session) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Cookie", "sso=" + session)
                .timeout(Duration.ofSeconds(15))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private int signOff(String session) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/users/auth/sign-off"))
                .header("Cookie", "sso=" + session)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Accept", "text/html")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** @return the session's cookie */
    private String signIn() throws IOException, InterruptedException {
        Map<String, String> cookies = new HashMap<>();
        HttpResponse<String> form = follow(cookies, browser(base + "/users/profile"));
        Matcher action = FORM.matcher(form.body());
        assertThat(action.find()).as(form.body()).isTrue();
        HttpRequest.Builder filledIn = browser(action.group(1).replace("&amp;", "&"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("username=alice&password=alice"));
        HttpResponse<String> profile = follow(cookies, filledIn);
        assertThat(profile.statusCode()).as(profile.body()).isEqualTo(200);
        return cookies.get("sso");
    }

    private static HttpRequest.Builder browser(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document")
                .header("Accept", "text/html");
    }

    /** With all cookies everywhere, secure ones too: this is localhost, which browsers trust. */
    private HttpResponse<String> follow(Map<String, String> cookies, HttpRequest.Builder first)
            throws IOException, InterruptedException {
        HttpRequest.Builder next = first;
        while (true) {
            if (!cookies.isEmpty()) {
                next.header(
                        "Cookie",
                        cookies.entrySet().stream()
                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                .collect(Collectors.joining("; ")));
            }
            HttpResponse<String> answer = client.send(next.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(cookie -> {
                String[] pair = cookie.split(";", 2)[0].split("=", 2);
                if (pair[1].isEmpty()) {
                    cookies.remove(pair[0]);
                } else {
                    cookies.put(pair[0], pair[1]);
                }
            });
            if (answer.statusCode() / 100 != 3) {
                return answer;
            }
            String location = answer.headers().firstValue("Location").orElseThrow();
            next = browser(answer.uri().resolve(location).toString());
        }
    }

    private static void infra(String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of(Shell.REPOSITORY.resolve("infra").resolve(command).toString()));
        line.addAll(List.of(arguments));
        Shell.run(Shell.REPOSITORY, Map.of("SSO_STACK_DIR", STACK.toString()), line.toArray(String[]::new));
    }

    private static Map<String, String> settings(Path file) {
        return Shell.read(file)
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }
}

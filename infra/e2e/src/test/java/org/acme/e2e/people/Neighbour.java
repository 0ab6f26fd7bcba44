package org.acme.e2e.people;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;

/**
 * One client that sends the worst of what is known, by turns and with as little effort as it can: raw bytes, from an address of
 * its own, until it is closed.
 */
public final class Neighbour implements AutoCloseable {

    /** How many kinds of requests it knows. */
    public static final int KINDS = 20;

    /** Of these, an ordinary page, asked for by somebody with many roles. */
    public static final int PAGE = 18;

    /** What it leaves open of each kind: uploads that do not come, answers that it does not read. */
    private static final int LEFT_OPEN = 24;

    private static final int AT_ONCE = 6;
    private static final long BETWEEN_NANOS = 20_000_000;
    private static final int PATIENCE_MILLIS = 15_000;

    private final URI site;
    private final Optional<String> cookie;
    private final Optional<String> token;
    private final AtomicBoolean over = new AtomicBoolean();
    private final IntUnaryOperator kindOfTurn;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final Deque<Socket> leftOpen = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();

    /** @param cookie the Cookie header of somebody signed in; empty for a stranger @param token their access token */
    public Neighbour(String base, Optional<String> cookie, Optional<String> token) {
        this(base, cookie, token, turn -> turn % KINDS);
    }

    /** The same, with one kind of requests alone. */
    public Neighbour(String base, Optional<String> cookie, Optional<String> token, int kind) {
        this(base, cookie, token, turn -> kind);
    }

    private Neighbour(String base, Optional<String> cookie, Optional<String> token, IntUnaryOperator kindOfTurn) {
        this.site = URI.create(base);
        this.cookie = cookie;
        this.token = token;
        this.kindOfTurn = kindOfTurn;
        for (int i = 0; i < AT_ONCE; i++) {
            Thread thread = new Thread(this::run, "neighbour");
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /** How often each answer came, such as {@code HEAD stream 200}; without one, {@code HEAD stream -}. */
    public Map<String, Integer> answers() {
        return answers.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().get(), (one, other) -> one, java.util.TreeMap::new));
    }

    /** How many requests it has sent. */
    public int sent() {
        return sent.get();
    }

    private void run() {
        while (!over.get()) {
            try {
                next(turn.getAndIncrement());
            } catch (IOException refused) {
                note("refused", "-");
            }
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    private void next(int turn) throws IOException {
        int n = turn / KINDS;
        String any = UUID.randomUUID().toString();
        switch (kindOfTurn.applyAsInt(turn)) {
            case 0 -> ask("HEAD stream", head("HEAD", "/projects/live", "Accept: text/event-stream"));
            case 1 -> ask("undecodable form", form("/projects/", "name=%zz"));
            case 2 -> ask("undecodable form", form("/projects/", "name=ok&%"));
            case 3 ->
                leave(head(
                                "POST",
                                "/projects/",
                                "Content-Type: application/x-www-form-urlencoded",
                                "Content-Length: 60000")
                        + "name=");
            case 4 -> ask("broken JSON", post("/projects/api/projects", "application/json", "{\"name\":"));
            case 5 -> ask("broken multipart", post("/projects/", "multipart/form-data; boundary=X", "--X\r\nContent-"));
            case 6 -> ask("made-up page", head("GET", "/users/made-up/" + any));
            case 7 -> ask("made-up token", head("GET", "/projects/api/" + any, "Authorization: Bearer " + any));
            case 8 -> ask("callback", head("GET", "/users/auth/keycloak/callback?code=" + any + "&state=" + any));
            case 9 ->
                ask(
                        "unknown subjects",
                        head(
                                "GET",
                                "/users/api/people?subject=count&subject="
                                        + IntStream.range(0, 20)
                                                .mapToObj(i -> UUID.randomUUID().toString())
                                                .collect(Collectors.joining("&subject="))));
            case 10 -> ask("large header", head("GET", "/users/profile", "X-Large: " + "x".repeat(20_000)));
            case 11 ->
                ask(
                        "large cookie",
                        "GET /projects/ HTTP/1.1\r\nHost: " + site.getAuthority() + "\r\nCookie: sso="
                                + "y".repeat(15_000) + "\r\n\r\n");
            case 12 -> leave(head("GET", "/projects/live", "Accept: text/event-stream"));
            case 13 -> leave("GET /users/profile HTTP/1.1\r\nHost: " + site.getAuthority() + "\r\nX-Slow: ");
            case 14 -> reset(handshake());
            case 15 -> leave(handshake());
            case 16 ->
                ask(
                        "chunked garbage",
                        head(
                                        "POST",
                                        "/projects/",
                                        "Transfer-Encoding: chunked",
                                        "Content-Type: application/x-www-form-urlencoded")
                                + "zz\r\n");
            case 17 ->
                ask(
                        "odd method",
                        head(
                                List.of("TRACE", "CONNECT", "PROPFIND", "MADEUP" + (char) ('A' + n % 26))
                                        .get(n % 4),
                                "/users/profile"));
            case PAGE -> ask("many roles", head("GET", "/projects/", "Accept: text/html"));
            default ->
                ask(
                        "many roles, by token",
                        head(
                                "GET",
                                "/projects/api/projects",
                                token.map(it -> "Authorization: Bearer " + it).orElse("Accept: */*")));
        }
    }

    private String head(String method, String where, String... headers) {
        StringBuilder request =
                new StringBuilder(method + " " + where + " HTTP/1.1\r\nHost: " + site.getAuthority() + "\r\n");
        request.append("Sec-Fetch-Site: same-origin\r\n");
        boolean bearer = false;
        for (String header : headers) {
            request.append(header).append("\r\n");
            bearer |= header.startsWith("Authorization");
        }
        if (!bearer) {
            cookie.ifPresent(it -> request.append("Cookie: ").append(it).append("\r\n"));
        }
        return request.append("\r\n").toString();
    }

    private String form(String where, String body) {
        return post(where, "application/x-www-form-urlencoded", body);
    }

    private String post(String where, String type, String body) {
        return head("POST", where, "Content-Type: " + type, "Content-Length: " + body.length()) + body;
    }

    private String handshake() {
        return head(
                "GET",
                "/projects/live/socket",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Origin: " + site);
    }

    private Socket send(String request) throws IOException {
        Socket socket = Site.TLS ? Site.tlsSocket() : new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        if (!Stack.IN_CONTAINERS) {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        }
        socket.connect(new InetSocketAddress("127.0.0.1", site.getPort()), PATIENCE_MILLIS);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        sent.incrementAndGet();
        return socket;
    }

    private void ask(String what, String request) throws IOException {
        try (Socket socket = send(request)) {
            byte[] begin = socket.getInputStream().readNBytes(12);
            note(what, begin.length < 12 ? "-" : new String(begin, 9, 3, StandardCharsets.ISO_8859_1));
        }
    }

    /** Sends it and does not come back. */
    private void leave(String request) throws IOException {
        Socket socket = send(request);
        List<Socket> oldest = new ArrayList<>();
        synchronized (leftOpen) {
            leftOpen.add(socket);
            while (leftOpen.size() > 3 * LEFT_OPEN) {
                oldest.add(leftOpen.remove());
            }
        }
        for (Socket old : oldest) {
            old.close();
        }
    }

    private void reset(String request) throws IOException {
        try (Socket socket = send(request)) {
            socket.setSoLinger(true, 0);
        }
    }

    private void note(String what, String answer) {
        answers.computeIfAbsent(what + " " + answer, first -> new AtomicInteger())
                .incrementAndGet();
    }

    @Override
    public void close() {
        over.set(true);
        synchronized (leftOpen) {
            leftOpen.forEach(socket -> {
                try {
                    socket.close();
                } catch (IOException gone) {
                    // all the better
                }
            });
        }
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

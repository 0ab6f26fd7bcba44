package org.acme.session.internal.oidc;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/** A line of {@code provider-answers.txt}, which says what its columns are; sent as it says, over a real connection. */
public record ProviderAnswer(int line, String endpoint, int status, List<String> how, String body, String means) {

    private static final String TABLE = "/provider-answers.txt";

    /** Nobody waits for a slow answer; it goes on when the server stops, or then. */
    private static final long SLOW_SECONDS = 20;

    /** The rows of one endpoint. */
    public static List<ProviderAnswer> of(String endpoint) {
        List<String> lines = lines();
        return java.util.stream.IntStream.range(0, lines.size())
                .filter(number -> lines.get(number).startsWith(endpoint + " |"))
                .mapToObj(number -> read(number + 1, lines.get(number)))
                .toList();
    }

    static List<String> lines() {
        try (InputStream table = ProviderAnswer.class.getResourceAsStream(TABLE)) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProviderAnswer read(int number, String line) {
        String[] columns = line.split("\\|", -1);
        String body = String.join("|", Arrays.copyOfRange(columns, 3, columns.length - 1));
        return new ProviderAnswer(
                number,
                columns[0].strip(),
                Integer.parseInt(columns[1].strip()),
                List.of(columns[2].strip().split(" +")),
                body.strip(),
                columns[columns.length - 1].strip());
    }

    /** What it means without the number of seconds. */
    public String kind() {
        return means.replaceFirst(" \\d+$", "");
    }

    /** For how long it says that the tokens are good. */
    public long seconds() {
        return Long.parseLong(means.replaceFirst("^tokens ", ""));
    }

    /**
     * Sends it.
     *
     * @param values what stands for {@code $name} in the table
     * @param stopped opens when nobody waits any more
     */
    public void send(HttpExchange exchange, Map<String, String> values, CountDownLatch stopped) throws IOException {
        if (how.contains("close")) {
            exchange.close();
            return;
        }
        if (how.contains("slow")) {
            await(stopped);
        }
        byte[] bytes = bytes(values);
        option("type", "application/json")
                .filter(type -> !type.equals("none"))
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        option("to", null).ifPresent(to -> exchange.getResponseHeaders().set("Location", to));
        if (how.contains("gzip")) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        if (how.contains("insufficient")) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        }
        boolean truncated = how.contains("truncated");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : truncated ? bytes.length + 1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
            out.flush();
        } catch (IOException tooMuchForTheReader) {
            // It has hung up, or the connection breaks here as the table says.
        }
        exchange.close();
    }

    private static void await(CountDownLatch stopped) {
        try {
            stopped.await(SLOW_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private java.util.Optional<String> option(String name, String otherwise) {
        return how.stream()
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .findFirst()
                .or(() -> java.util.Optional.ofNullable(otherwise));
    }

    private byte[] bytes(Map<String, String> values) throws IOException {
        String text = body;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("$" + value.getKey(), value.getValue());
        }
        if (how.contains("big")) {
            text += " ".repeat(2_000_000);
        }
        Charset charset = how.contains("latin1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        byte[] bytes = ((how.contains("bom") ? "\uFEFF" : "") + text).getBytes(charset);
        if (!how.contains("gzip")) {
            return bytes;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    @Override
    public String toString() {
        return line + ": " + status + " " + String.join(" ", how) + " "
                + (body.length() > 80 ? body.substring(0, 80) + "…" : body) + " means " + means;
    }
}

package org.acme.legacy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A legacy application, for the example of infra/nginx/guarded.conf: it knows nothing of sessions, believes what a header says,
 * and answers with the bytes that it was sent. {@code …/status/403} answers with that status; with {@code ?close} it ends the
 * connection after its answer, else it keeps it. Its framing is the plain one of RFC 9112, section 6.3: chunked, or
 * Content-Length, or no body.
 *
 * <p>Arguments: address and port to listen at.
 */
final class LegacyApp {

    /** Every byte is a letter, so that nothing is lost on the way through a text. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final Pattern STATUS = Pattern.compile("/status/([2-5][0-9][0-9])[ ?/]");
    private static final Pattern LENGTH = Pattern.compile("(?im)^Content-Length: *([0-9]{1,9}) *$");
    private static final Pattern CHUNKED = Pattern.compile("(?im)^Transfer-Encoding:.*chunked");
    private static final AtomicInteger CONNECTIONS = new AtomicInteger();

    public static void main(String[] arguments) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerSocket listening =
                new ServerSocket(Integer.parseInt(arguments[1]), 50, InetAddress.getByName(arguments[0]))) {
            while (true) {
                Socket connection = listening.accept();
                threads.execute(() -> serve(connection, CONNECTIONS.incrementAndGet()));
            }
        }
    }

    private static void serve(Socket connection, int number) {
        try (connection) {
            connection.setSoTimeout(60_000);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            boolean open = true;
            for (int request = 1; open; request++) {
                String head = line(in);
                for (String line = head; line.strip().length() > 0; head += line) {
                    line = line(in);
                }
                if (head.isEmpty()) {
                    return;
                }
                String seen = "connection=" + number + " request=" + request + "\n" + head + body(head, in);
                open = !head.lines().findFirst().orElse("").contains("?close");
                out.write(answer(head, seen, open).getBytes(BYTES));
                out.flush();
            }
        } catch (IOException ended) {
            // by the other side
        }
    }

    private static String answer(String head, String seen, boolean open) {
        Matcher asked = STATUS.matcher(head.lines().findFirst().orElse(""));
        String status = asked.find() ? asked.group(1) : "200";
        return "HTTP/1.1 " + status + " Of the application\r\nContent-Type: text/plain\r\nContent-Length: "
                + seen.length()
                + "\r\nSet-Cookie: legacy=1; Path=/guarded/legacy/; HttpOnly; SameSite=Lax\r\n"
                + (open ? "\r\n" : "Connection: close\r\n\r\n")
                + (head.startsWith("HEAD ") ? "" : seen);
    }

    /** The body as it came, with the lines that frame its chunks. */
    private static String body(String head, InputStream in) throws IOException {
        if (CHUNKED.matcher(head).find()) {
            StringBuilder body = new StringBuilder();
            for (int size = 1; size > 0; ) {
                String frame = line(in);
                size = Integer.parseInt(frame.strip().split(";")[0], 16);
                body.append(frame)
                        .append(new String(in.readNBytes(size), BYTES))
                        .append(line(in));
            }
            return body.toString();
        }
        Matcher length = LENGTH.matcher(head);
        return length.find() ? new String(in.readNBytes(Integer.parseInt(length.group(1))), BYTES) : "";
    }

    /** With its end; empty when nothing comes any more. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n') {
                break;
            }
        }
        return line.toString(BYTES);
    }
}

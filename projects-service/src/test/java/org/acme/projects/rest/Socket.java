package org.acme.projects.rest;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/** A WebSocket as a page opens it. */
final class Socket implements WebSocket.Listener {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 12;

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    /** @param origin of the page; null for none */
    static Socket open(String cookie, String origin) {
        Socket socket = new Socket();
        WebSocket.Builder handshake = HTTP.newWebSocketBuilder().header("Cookie", cookie);
        if (origin != null) {
            handshake.header("Origin", origin);
        }
        handshake
                .buildAsync(URI.create("ws://localhost:" + port() + "/projects/live/socket"), socket)
                .join();
        return socket;
    }

    static int port() {
        return ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.test-port", Integer.class)
                .orElse(8081);
    }

    String next() {
        try {
            return said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for the server to close it. @return code and reason */
    String close() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
        said.add(text.toString());
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.completeExceptionally(error);
    }
}

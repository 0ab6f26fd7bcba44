package org.acme.session.internal.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** What kind of client sent a request: a browser that opens a page or sends a form, or a script. */
public enum RequestKind {
    /** A browser's top-level navigation that can be sent elsewhere and come back. */
    NAVIGATION,
    /** A navigation that carries something, such as a form: sent elsewhere, it would lose that. */
    FORM,
    /** Anything else, which needs an answer that it can read. */
    SCRIPT;

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /**
     * Decided by Fetch metadata where the browser sends it, then by {@code X-Requested-With}, then by {@code Accept}. A
     * path that takes bearer tokens is for scripts whatever the headers say.
     */
    public static RequestKind of(HttpServerRequest request) {
        if (!navigates(request) || AcceptedCredentials.of(request.path()).takesBearerTokens()) {
            return SCRIPT;
        }
        return SAFE.contains(request.method()) ? NAVIGATION : FORM;
    }

    /**
     * Whether a page asks by itself, which is no sign of its user: it opens a stream of events, a WebSocket, or says {@code
     * Prefer: background}. Who says so falsely only ends a session of their own sooner.
     */
    public static boolean isInBackground(HttpServerRequest request) {
        return SAFE.contains(request.method())
                && ("text/event-stream".equals(request.getHeader(HttpHeaders.ACCEPT))
                        || "background".equals(request.getHeader("Prefer"))
                        || opensWebSocket(request));
    }

    /** Any of several headers counts, as it does for Vert.x, which opens the socket. */
    static boolean opensWebSocket(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true);
    }

    private static boolean navigates(HttpServerRequest request) {
        String mode = request.getHeader("Sec-Fetch-Mode");
        if (mode != null) {
            String destination = request.getHeader("Sec-Fetch-Dest");
            return mode.equals("navigate") && (destination == null || destination.equals("document"));
        }
        if ("XMLHttpRequest".equalsIgnoreCase(request.getHeader("X-Requested-With"))) {
            return false;
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    /** Whether a method changes nothing (RFC 9110, section 9.2.1). */
    public static boolean isSafe(HttpMethod method) {
        return SAFE.contains(method) || method.equals(HttpMethod.OPTIONS) || method.equals(HttpMethod.TRACE);
    }
}

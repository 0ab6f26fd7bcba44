package org.acme.session.internal.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;

/** Requests that exist as method, path and headers only; whatever else is asked of them fails. */
final class Asked {

    private Asked() {}

    /** @param headers names and values in turn */
    static HttpServerRequest request(String method, String path, String... headers) {
        return request(method, path, "192.0.2.1", headers);
    }

    /** A request that came over a connection from that address. */
    static HttpServerRequest from(String peer, String... headers) {
        return request("GET", "/", peer, headers);
    }

    private static HttpServerRequest request(String method, String path, String peer, String... headers) {
        HeadersMultiMap all = HeadersMultiMap.httpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return (HttpServerRequest) Proxy.newProxyInstance(
                Asked.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, asked, arguments) -> switch (asked.getName()) {
                    case "method" -> HttpMethod.valueOf(method);
                    case "path" -> path;
                    case "headers" -> all;
                    case "connection" -> connectionFrom(peer);
                    case "getHeader" -> all.get(arguments[0].toString());
                    default -> throw new UnsupportedOperationException(asked.getName());
                });
    }

    private static HttpConnection connectionFrom(String peer) {
        SocketAddress address = SocketAddress.inetSocketAddress(new InetSocketAddress(peer, 1));
        return (HttpConnection) Proxy.newProxyInstance(
                Asked.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (proxy, asked, arguments) -> switch (asked.getName()) {
                    case "remoteAddress" -> address;
                    default -> throw new UnsupportedOperationException(asked.getName());
                });
    }
}

package org.acme.session.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.lang.reflect.Proxy;

/** Requests that exist as method, path and headers only; whatever else is asked of them fails. */
final class Asked {

    private Asked() {}

    /** @param headers names and values in turn */
    static HttpServerRequest request(String method, String path, String... headers) {
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
                    case "getHeader" -> all.get(arguments[0].toString());
                    default -> throw new UnsupportedOperationException(asked.getName());
                });
    }
}

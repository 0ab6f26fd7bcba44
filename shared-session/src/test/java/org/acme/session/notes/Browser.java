package org.acme.session.notes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** Requests to the service under test; nothing is followed, kept or sent on its own. */
public final class Browser {

    public static final String[] NAVIGATION = {
        "Accept",
        "text/html,*/*;q=0.8",
        "Sec-Fetch-Mode",
        "navigate",
        "Sec-Fetch-Dest",
        "document",
        "Sec-Fetch-Site",
        "same-origin"
    };
    public static final String[] SCRIPT = {
        "Accept",
        "application/json, */*",
        "Sec-Fetch-Mode",
        "cors",
        "Sec-Fetch-Dest",
        "empty",
        "Sec-Fetch-Site",
        "same-origin"
    };
    /** What a program sends that is no browser. */
    public static final String[] BARE = {};

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private Browser() {}

    public static HttpResponse<String> get(String path, String cookie, String... headers) {
        return send("GET", path, cookie, "", headers);
    }

    public static HttpResponse<String> post(String path, String cookie, String... headers) {
        return send("POST", path, cookie, "", headers);
    }

    /** @param cookie the Cookie header; null for none */
    public static HttpResponse<String> send(String method, String path, String cookie, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    public static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param path below the service's root */
    private static URI address(String path) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        return URI.create("http://localhost:" + port + "/notes/" + path);
    }

    public static List<String> setCookies(HttpResponse<?> answer) {
        return answer.headers().allValues("Set-Cookie");
    }

    public static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}

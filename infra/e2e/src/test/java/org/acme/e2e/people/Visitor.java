package org.acme.e2e.people;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.e2e.observers.Canaries;
import org.acme.e2e.stack.Site;

/**
 * A person with a browser of their own, without the browser: keeps cookies and can sign in through Keycloak's form.
 * Sends what it is told and follows redirects only when asked to, so that a test sees each step.
 */
public final class Visitor {

    private static final HttpClient HTTP = Site.client()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_REDIRECTS = 12;
    private static final Pattern FORM_ACTION =
            Pattern.compile("<form[^>]*id=\"kc-form-login\"[^>]*action=\"([^\"]+)\"");

    /** What a browser sends with a top-level navigation, and with a script's request to the page's own site. */
    public static final List<String> NAVIGATION =
            List.of("Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Accept", "text/html");

    public static final List<String> SCRIPT = List.of(
            "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty", "Sec-Fetch-Site", "same-origin", "Accept", "*/*");

    private final String base;
    private final CookieJar jar = new CookieJar();

    public Visitor(String base) {
        this.base = base;
    }

    public CookieJar cookies() {
        return jar;
    }

    /** The session cookie's value as the browser holds it, percent-encoded. */
    public String sso() {
        return jar.value(Site.COOKIE)
                .orElseThrow(() -> new AssertionError("Not signed in: no session cookie among " + jar.names()));
    }

    public Answer get(String where, String... headers) {
        return get(where, List.of(headers));
    }

    public Answer get(String where, List<String> headers) {
        return joined(getAsync(where, headers));
    }

    public CompletableFuture<Answer> getAsync(String where, List<String> headers) {
        return send("GET", where, null, headers);
    }

    /** A write as this site's own pages send it. */
    public Answer post(String where, String contentType, String body) {
        return post(where, contentType, body, "Sec-Fetch-Site", "same-origin", "Origin", base);
    }

    /** A write with just these headers. */
    public Answer post(String where, String contentType, String body, String... headers) {
        return joined(postAsync(where, contentType, body, List.of(headers)));
    }

    public CompletableFuture<Answer> postAsync(String where, String contentType, String body, List<String> headers) {
        List<String> all = new java.util.ArrayList<>(headers);
        all.addAll(List.of("Content-Type", contentType));
        return send("POST", where, body, all);
    }

    /** Follows redirects to the page that ends them. */
    public Answer follow(Answer answer) {
        Answer at = answer;
        for (int i = 0; at.isRedirect(); i++) {
            if (i == MOST_REDIRECTS) {
                throw new AssertionError("A loop of redirects, at " + at);
            }
            at = get(at.location().toString(), NAVIGATION);
        }
        return at;
    }

    /** Opens a page as a person does, redirects followed. */
    public Answer open(String where) {
        return follow(get(where, NAVIGATION));
    }

    /** Opens a page that wants a sign-in, fills in Keycloak's form, and ends where that leads. */
    public Answer signIn(String user, String where) {
        URI callback = signInUpToCallback(user, where);
        Answer page = open(callback.toString());
        if (page.status() != 200 || jar.value(Site.COOKIE).isEmpty()) {
            throw new AssertionError("The sign-in of " + user + " ended with " + page);
        }
        return page;
    }

    /** The same of somebody whose password is not their name. */
    public Answer signIn(String user, String password, String where) {
        Answer page = follow(submit(open(where), user, password));
        if (page.status() != 200 || jar.value(Site.COOKIE).isEmpty()) {
            throw new AssertionError("The sign-in of " + user + " ended with " + page);
        }
        return page;
    }

    /** The same, with the callback's address in hand and not opened yet. */
    public URI signInUpToCallback(String user, String where) {
        return submit(open(where), user).location();
    }

    /** Fills in and sends the login form on that page. */
    public Answer submit(Answer loginPage, String user) {
        return submit(loginPage, user, user);
    }

    private Answer submit(Answer loginPage, String user, String password) {
        Matcher form = FORM_ACTION.matcher(loginPage.body().replaceAll("\\s+", " "));
        if (!form.find()) {
            throw new AssertionError("No login form: " + loginPage);
        }
        return post(
                form.group(1).replace("&amp;", "&"),
                "application/x-www-form-urlencoded",
                "username=" + user + "&password=" + password + "&credentialId=",
                "Accept",
                "text/html",
                "Origin",
                loginPage.uri().resolve("/").toString().replaceFirst("/$", ""));
    }

    /** Presses the button "sign off" on a page of that service. */
    public Answer signOff(String service) {
        return post("/" + service + "/auth/sign-off", "application/x-www-form-urlencoded", "");
    }

    /** Any request; {@code body} null for none. */
    public CompletableFuture<Answer> send(String method, String where, String body, List<String> headers) {
        URI uri = URI.create(where.startsWith("http") ? where : base + where);
        Canaries.noteQuery(uri);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        // Cookies belong to a host; the instances are asked by address, which stands for the same site here.
        jar.header(uri).ifPresent(cookies -> request.header("Cookie", cookies));
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
            Canaries.noteHeader(headers.get(i), headers.get(i + 1));
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(response -> {
            Answer answer = new Answer(response);
            jar.store(uri, answer.setCookies());
            answer.setCookies().forEach(Canaries::noteSetCookie);
            if (answer.isRedirect()) {
                Canaries.noteQuery(answer.location());
            }
            return answer;
        });
    }

    /** Text of a form field, encoded. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public static Answer joined(CompletableFuture<Answer> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw new AssertionError("No answer: " + e.getCause(), e.getCause());
        }
    }
}

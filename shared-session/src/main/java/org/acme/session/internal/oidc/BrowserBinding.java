package org.acme.session.internal.oidc;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.Digests;
import org.acme.session.internal.config.SsoConfig;

/**
 * Binds a sign-in to the browser that began it: one small cookie for each sign-in under way, so that tabs opened at the
 * same moment do not take it from each other. It is taken away by the callback, so a callback counts once. Over TLS its
 * name begins with {@code __Host-}: no other host, and nobody on the way, can plant it (RFC 6265bis, section 4.1.3.2).
 */
@Singleton
class BrowserBinding {

    /** More sign-ins under way than a person has tabs; the Cookie header stays under 4 KB. */
    static final int MOST = 50;

    /**
     * Of more the rest goes with the next sign-in. Beside a long link, which takes up to 12 KB of an answer's headers, a proxy has
     * no room for all (nginx.conf, {@code proxy_buffer_size}): nobody would get to a sign-in any more.
     */
    static final int MOST_AT_ONCE = 15;

    /** Sign-ins for the same link, one right after the other, that came to nothing. Browsers give up after six or so. */
    static final int MOST_IN_A_ROW = 3;

    /** What is left of a sign-in that may come to nothing. No secret: it begins with a number. */
    private static final String DONE = "done; Max-Age=15";

    private static final int SECRET_BYTES = 16;
    private static final int ID_BYTES = 6;

    /** Of the link's hash, as far as it stands in an id. */
    private static final int LINK_LETTERS = 6;

    private final SecureRandom random = new SecureRandom();
    private final String prefix;
    private final String attributes;
    private final Duration timeout;
    private final Pattern cookies;

    BrowserBinding(BaseUrl baseUrl, SsoConfig config) {
        this.prefix = (baseUrl.secure() ? "__Host-" : "") + "sso-in-";
        this.attributes = "; Path=/; HttpOnly" + (baseUrl.secure() ? "; Secure" : "") + "; SameSite=Lax";
        this.timeout = config.signIn().timeout();
        this.cookies = Pattern.compile("(?:^|[; ])(" + prefix + "[\\w-]{1,64})=([0-9]{0,16})");
    }

    /** What names a sign-in within its browser; those for the same link begin alike. @param link the page asked for */
    String newId(String link) {
        return ofLink(link) + text(ID_BYTES);
    }

    private static String ofLink(String link) {
        return Digests.sha256(link).substring(0, LINK_LETTERS);
    }

    /** Whether this browser has signed in for the same link a moment ago, and again and again, and is nobody all the same. */
    boolean goesInCircles(RoutingContext request, String link) {
        Pattern done = Pattern.compile("(?:^|[; ])" + prefix + ofLink(link) + "[\\w-]{1,64}=done");
        return request.request().headers().getAll(HttpHeaders.COOKIE).stream()
                        .mapToLong(header -> done.matcher(header).results().count())
                        .sum()
                >= MOST_IN_A_ROW;
    }

    /**
     * Gives the browser its secret of that sign-in, and takes the oldest ones away where there are many.
     *
     * @param begun seconds since 1970
     * @return the secret's hash
     */
    String bind(RoutingContext request, String id, long begun) {
        List<String> old = oldestBeyond(MOST - 1, request.request().headers().getAll(HttpHeaders.COOKIE));
        String secret = begun + "." + text(SECRET_BYTES);
        add(request, prefix + id + "=" + secret + "; Max-Age=" + timeout.toSeconds());
        old.stream().filter(name -> !name.equals(prefix + id)).forEach(name -> add(request, name + "=; Max-Age=0"));
        return hash(secret);
    }

    /**
     * Whether this browser began that sign-in, and has not ended it. A second cookie of the name, of a longer path or another
     * domain, keeps nobody from signing in: the one that fits counts.
     */
    boolean isOf(RoutingContext callback, SignInState state) {
        Pattern named = Pattern.compile("(?:^|[; ])" + Pattern.quote(prefix + state.id()) + "=([\\w.-]*)");
        byte[] wanted = state.secretHash().getBytes(StandardCharsets.US_ASCII);
        return callback.request().headers().getAll(HttpHeaders.COOKIE).stream()
                .flatMap(header -> named.matcher(header).results())
                .map(cookie -> hash(cookie.group(1)).getBytes(StandardCharsets.US_ASCII))
                .anyMatch(hash -> MessageDigest.isEqual(hash, wanted));
    }

    /** @param mayBeVain whether this browser may stay nobody with what it gets now: then a trace of it is kept for a moment */
    void release(RoutingContext callback, SignInState state, boolean mayBeVain) {
        add(callback, prefix + state.id() + "=" + (mayBeVain ? DONE : "; Max-Age=0"));
    }

    private void add(RoutingContext request, String cookie) {
        request.response().headers().add(HttpHeaders.SET_COOKIE, cookie + attributes);
    }

    private List<String> oldestBeyond(int most, List<String> headers) {
        List<MatchResult> all = headers.stream()
                .flatMap(header -> cookies.matcher(header).results())
                .sorted(Comparator.comparing(
                        (MatchResult cookie) -> cookie.group(2).isEmpty() ? 0 : Long.parseLong(cookie.group(2))))
                .toList();
        return all.stream()
                .limit(Math.max(0, all.size() - most))
                .map(cookie -> cookie.group(1))
                .distinct()
                .limit(MOST_AT_ONCE)
                .toList();
    }

    private String text(int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(some);
    }

    /** 128 bits of it, as many as the secret has. */
    private static String hash(String secret) {
        return Digests.sha256(secret).substring(0, 32);
    }
}

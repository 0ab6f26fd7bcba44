package org.acme.session.internal.oidc;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.CookieHeader;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.RequestTarget;
import org.acme.session.internal.http.ReturnUrl;

/**
 * Keeps the long link that a browser asked for while it signs in. In the browser, since anonymous visitors leave nothing in
 * Redis, and under an address of its own, {@code auth/resume/<id>}, so that no other request carries it. The browser drops
 * the oldest where there are too many; then {@code auth/resume} says so.
 */
@Singleton
public class LinkStore {

    /**
     * What was kept.
     *
     * @param path of this site
     * @param whole whether it is all that was asked for, or was too long and lost its query
     */
    public record Link(String path, boolean whole) {}

    private static final String SHORTENED = "-";

    /** Links of that length travel in the state: providers take about 2,000 characters of it, and keep them in cookies. */
    private static final int SHORT = 200;

    private static final Pattern ID = Pattern.compile("[\\w-]{1,64}");

    private final SignInPaths paths;
    private final BaseUrl baseUrl;
    private final Duration timeout;
    private final String name;

    LinkStore(SignInPaths paths, BaseUrl baseUrl, SsoConfig config) {
        this.paths = paths;
        this.baseUrl = baseUrl;
        this.timeout = config.signIn().timeout();
        this.name = (baseUrl.secure() ? "__Secure-" : "") + "sso-link";
    }

    /**
     * Keeps what was asked for, if it is too long for the state.
     *
     * @param id names the sign-in within its browser
     * @return where a browser that has signed in goes on: to the link, or to the address that knows it
     */
    String keep(RoutingContext request, String id) {
        String link = ReturnUrl.unchanged(RequestTarget.of(request)).orElseGet(paths::home);
        if (link.length() <= SHORT) {
            return link;
        }
        List<String> pieces = KeptLink.pieces(link);
        if (pieces.isEmpty()) {
            pieces = KeptLink.pieces(SHORTENED + link.replaceFirst("[?].*", ""));
        }
        for (int i = 0; i < pieces.size(); i++) {
            add(request, i, pieces.get(i), id, timeout.toSeconds());
        }
        return paths.resume(id);
    }

    /**
     * The link of that sign-in. It stays where it is until its cookies end: whoever reloads, or goes on twice, comes to it again.
     *
     * @return empty for what the browser does not know, or knows no longer
     */
    public Optional<Link> of(RoutingContext request, String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        List<String> lines = request.request().headers().getAll(HttpHeaders.COOKIE);
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < KeptLink.MOST_PIECES; i++) {
            Optional<String> piece = CookieHeader.first(lines, name + i);
            if (piece.isEmpty()) {
                break;
            }
            pieces.add(piece.get());
        }
        return KeptLink.of(pieces).flatMap(LinkStore::link);
    }

    private static Optional<Link> link(String kept) {
        boolean whole = !kept.startsWith(SHORTENED);
        return ReturnUrl.unchanged(whole ? kept : kept.substring(SHORTENED.length()))
                .map(path -> new Link(path, whole));
    }

    private void add(RoutingContext request, int piece, String value, String id, long seconds) {
        request.response()
                .headers()
                .add(
                        HttpHeaders.SET_COOKIE,
                        name + piece + "=" + value + "; Max-Age=" + seconds + "; Path=" + paths.resume(id)
                                + "; HttpOnly" + (baseUrl.secure() ? "; Secure" : "") + "; SameSite=Lax");
    }
}

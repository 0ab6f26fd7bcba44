package org.acme.member;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.SessionId;

/**
 * The shared session for every servlet behind it: {@code getRemoteUser()}, {@code isUserInRole()}, and the way to the sign-in
 * for who comes without. The addresses below {@code auth/} are let through.
 */
final class SsoFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(SsoFilter.class.getName());
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final transient Sessions sessions;
    private final transient Optional<Adoption> adoption;
    private final transient Refresher refresher;
    private final transient CookieSigner signer;
    private final transient SessionCookie cookie;
    private final String origin;

    /** @param adoption empty when guests are not trusted to begin sessions */
    SsoFilter(
            Sessions sessions,
            Optional<Adoption> adoption,
            Refresher refresher,
            CookieSigner signer,
            SessionCookie cookie,
            String origin) {
        this.sessions = sessions;
        this.adoption = adoption;
        this.refresher = refresher;
        this.signer = signer;
        this.cookie = cookie;
        this.origin = origin;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain next)
            throws IOException, ServletException {
        response.setHeader("Cache-Control", "no-store");
        if (!mayWrite(request)) {
            response.sendError(403, "Only from a page of this site.");
            return;
        }
        try {
            if (path(request).startsWith("/auth/")) {
                next.doFilter(request, response);
                return;
            }
            boolean background = isBackground(request);
            Optional<Sessions.Found> found =
                    id(request).flatMap(id -> find(id, background)).flatMap(this::withGoodTokens);
            if (found.isPresent()) {
                next.doFilter(new SignedInRequest(request, found.get()), response);
            } else {
                askToSignIn(request, response);
            }
        } catch (UnavailableException e) {
            LOG.log(Level.WARNING, e.getMessage());
            response.setHeader("Retry-After", "2");
            response.sendError(503, "Please try again in a moment.");
        }
    }

    private Optional<Sessions.Found> find(SessionId id, boolean background) {
        return sessions.read(id, background).or(() -> adoption.filter(guests -> guests.adopt(id))
                .flatMap(adopted -> sessions.read(id, background)));
    }

    /** Whether a page asks by itself, which is no activity of its user. */
    private static boolean isBackground(HttpServletRequest request) {
        return Set.of("GET", "HEAD").contains(request.getMethod())
                && ("background".equals(request.getHeader("Prefer"))
                        || "text/event-stream".equals(request.getHeader("Accept"))
                        || "websocket".equalsIgnoreCase(request.getHeader("Upgrade")));
    }

    private Optional<Sessions.Found> withGoodTokens(Sessions.Found found) {
        return refresher.refreshed(found.session()).map(session -> new Sessions.Found(session, found.attributes()));
    }

    Optional<SessionId> id(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Cookie"));
        return CookieHeader.first(headers, cookie.name()).flatMap(signer::verify);
    }

    private static String path(HttpServletRequest request) {
        return request.getServletPath()
                + Optional.ofNullable(request.getPathInfo()).orElse("");
    }

    /** Only this site's own pages may write with the cookie. */
    private boolean mayWrite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return SAFE.contains(request.getMethod())
                || (site == null || site.equals("none")
                        ? origin.equals(request.getHeader("Origin"))
                        : site.equals("same-origin"));
    }

    /** A page can be sent to the provider and come back; a script needs an answer that it can read. */
    private static void askToSignIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("GET") && !path(request).startsWith("/api/")) {
            response.sendRedirect(request.getContextPath() + "/auth/keycloak");
        } else {
            response.sendError(401, "Not signed in");
        }
    }
}

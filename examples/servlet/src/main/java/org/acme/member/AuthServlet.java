package org.acme.member;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Optional;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.TokenSeal;

/** The addresses below {@code auth/}: sign-in, its callback, sign-off. */
final class AuthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(AuthServlet.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PENDING = "sso-servlet";
    private static final TokenSeal.Place PLACE = new TokenSeal.Place("sign-in", "pending", "1");

    private final transient SsoFilter filter;
    private final transient Provider provider;
    private final transient SignIn signIn;
    private final transient SignOff signOff;
    private final transient CookieSigner signer;
    private final transient SessionCookie cookie;
    private final transient TokenSeal seal;

    AuthServlet(
            SsoFilter filter,
            Provider provider,
            SignIn signIn,
            SignOff signOff,
            CookieSigner signer,
            SessionCookie cookie,
            TokenSeal seal) {
        this.filter = filter;
        this.provider = provider;
        this.signIn = signIn;
        this.signOff = signOff;
        this.signer = signer;
        this.cookie = cookie;
        this.seal = seal;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (String.valueOf(request.getPathInfo())) {
            case "/keycloak" -> start(request, response);
            case "/keycloak/callback" -> callback(request, response);
            default -> response.sendError(404);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"/sign-off".equals(request.getPathInfo())) {
            response.sendError(404);
            return;
        }
        filter.id(request).ifPresent(signOff::signOff);
        response.addHeader("Set-Cookie", cookie.clear());
        response.setStatus(303);
        response.setHeader("Location", "/users/");
    }

    /** What the callback is checked against travels in a sealed cookie of this browser. */
    private void start(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Provider.Pending pending = Provider.Pending.random();
        String text = JSON.writeValueAsString(pending);
        response.addHeader("Set-Cookie", pendingCookie(request, seal.seal(text, PLACE), 600));
        response.sendRedirect(provider.start(pending));
    }

    private void callback(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.addHeader("Set-Cookie", pendingCookie(request, "", 0));
        String device = Optional.ofNullable(request.getHeader("User-Agent")).orElse("");
        Optional<SessionId> id = finish(request).flatMap(user -> signIn.begin(user, device, filter.id(request)));
        if (id.isEmpty()) {
            response.sendError(400, "The sign-in did not work. Please begin again.");
            return;
        }
        response.addHeader("Set-Cookie", cookie.set(signer.sign(id.get())));
        response.sendRedirect(request.getContextPath() + "/");
    }

    private Optional<Provider.SignedIn> finish(HttpServletRequest request) throws IOException {
        try {
            String sealed = CookieHeader.first(Collections.list(request.getHeaders("Cookie")), PENDING)
                    .orElseThrow(Provider.RefusedException::new);
            Provider.Pending pending = JSON.readValue(seal.open(sealed, PLACE), Provider.Pending.class);
            String issuer = Optional.ofNullable(request.getParameter("iss")).orElse(provider.issuer());
            if (!once(request, "state").equals(pending.state()) || !issuer.equals(provider.issuer())) {
                throw new Provider.RefusedException();
            }
            return Optional.of(provider.finish(once(request, "code"), pending));
        } catch (Provider.RefusedException | Provider.UselessException | DamagedRecordException e) {
            LOG.log(Level.INFO, "A sign-in did not work: {0}", e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private static String once(HttpServletRequest request, String name) throws Provider.RefusedException {
        String[] values = request.getParameterValues(name);
        if (values == null || values.length != 1) {
            throw new Provider.RefusedException();
        }
        return values[0];
    }

    private String pendingCookie(HttpServletRequest request, String value, int seconds) {
        return PENDING + "=" + value + "; Path=" + request.getContextPath() + "/auth/keycloak; Max-Age=" + seconds
                + "; HttpOnly" + (cookie.secure() ? "; Secure" : "") + "; SameSite=Lax";
    }
}

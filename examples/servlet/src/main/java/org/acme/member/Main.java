package org.acme.member;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.TokenSeal;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** A member of the shared session (docs/session-contract.md): a Jakarta Servlet filter, here on embedded Tomcat. */
public final class Main {

    private static final String PATH = "/servlet";

    /** Tomcat's own logger of Cookie headers that it cannot read: it would write them whole, ids included. */
    private static final Logger COOKIE_HEADERS = Logger.getLogger("org.apache.tomcat.util.http.parser.Cookie");

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        COOKIE_HEADERS.setLevel(Level.WARNING);
        BaseUrl base = BaseUrl.parse(setting("SSO_BASE_URL"));
        SessionCookie cookie = SessionCookie.of(base, Optional.empty());
        CookieSigner signer =
                new CookieSigner(List.of(setting("SSO_COOKIE_SECRETS").split(",")));
        TokenSeal seal = TokenSeal.of(List.of(setting("SSO_ENCRYPTION_KEYS").split(",")));
        Redis redis = new Redis(URI.create(setting("REDIS_URL")));
        Provider provider = new Provider(
                setting("SSO_PROVIDERS_KEYCLOAK_URL"),
                setting("SSO_PROVIDERS_KEYCLOAK_CLIENT_ID"),
                setting("SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"),
                base.origin() + PATH + "/auth/keycloak/callback");
        Sessions sessions = new Sessions(redis, seal, "servlet");
        SignOff signOff = new SignOff(redis, sessions, provider, seal);
        Refresher refresher = new Refresher(redis, sessions, provider, signOff, seal);
        Optional<Adoption> adoption = Optional.of(new Adoption(redis, seal, provider.issuer()))
                .filter(guests -> setting("SSO_GUESTS_ADOPT").equals("true"));
        SsoFilter filter = new SsoFilter(sessions, adoption, refresher, signer, cookie, base.origin());
        SignIn signIn = new SignIn(redis, signOff, seal, base.secure());

        start(
                filter,
                new AuthServlet(filter, provider, signIn, signOff, signer, cookie, seal),
                new HomeServlet(sessions));
    }

    private static void start(SsoFilter filter, AuthServlet auth, HomeServlet home) throws Exception {
        Path folder = Files.createTempDirectory("servlet-member");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(Integer.parseInt(setting("PORT")));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context application = tomcat.addContext(PATH, folder.toString());
        FilterDef definition = new FilterDef();
        definition.setFilterName("sso");
        definition.setFilter(filter);
        application.addFilterDef(definition);
        FilterMap everywhere = new FilterMap();
        everywhere.setFilterName("sso");
        everywhere.addURLPattern("/*");
        application.addFilterMap(everywhere);
        Tomcat.addServlet(application, "auth", auth).addMapping("/auth/*");
        Tomcat.addServlet(application, "home", home).addMapping("/");
        startOrEnd(tomcat);
        tomcat.getServer().await();
    }

    private static void startOrEnd(Tomcat tomcat) throws LifecycleException {
        tomcat.start();
        if (!tomcat.getConnector().getState().isAvailable()) {
            throw new IllegalStateException("The port is taken");
        }
    }

    private static String setting(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not set"));
    }
}

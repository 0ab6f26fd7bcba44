package org.acme.layout;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.acme.session.CurrentSession;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the template {@code layout.html} shows around every page; to templates it is {@code cdi:layout}. */
@Singleton
@Named("layout")
class Layout {

    private final LayoutConfig config;
    private final StaticFiles files;
    private final CurrentSession session;
    private final CurrentVertxRequest request;
    private final String instance;
    private final String home;
    private final List<NavigationEntry> services;

    Layout(
            LayoutConfig config,
            StaticFiles files,
            CurrentSession session,
            CurrentVertxRequest request,
            @ConfigProperty(name = "quarkus.http.root-path") String rootPath,
            @ConfigProperty(name = "sso.instance-name") Optional<String> instance) {
        this.config = config;
        this.files = files;
        this.session = session;
        this.request = request;
        this.instance = config.showInstance() ? instance.orElse("") : "";
        this.home = rootPath.endsWith("/") ? rootPath : rootPath + "/";
        this.services = config.services().orElseGet(() -> List.of(home.replace("/", ""))).stream()
                .map(service -> NavigationEntry.of(service, home))
                .toList();
    }

    public String product() {
        return config.product();
    }

    public String profile() {
        return config.profile();
    }

    /** The service's home, such as {@code /users/}. */
    public String home() {
        return home;
    }

    public List<NavigationEntry> services() {
        return services;
    }

    /** The name of this instance where pages are to tell it, else empty. */
    public String instance() {
        return instance;
    }

    /** Where the session of this request was read; empty without one, or where no page tells who answered. */
    public String sessionFrom() {
        if (instance.isEmpty() || !isAuthenticated() || !session.isPresent()) {
            return "";
        }
        return session.isFromCache() ? "its cache" : "Redis";
    }

    /** The address of a file below {@code META-INF/resources/static}. */
    public String file(String name) {
        return files.address(name);
    }

    /** Never asks anybody: what the request's authentication has not found out is not known. */
    public PageUser user() {
        return isAuthenticated() ? PageUser.of(session) : PageUser.UNKNOWN;
    }

    /** Where a page's sign-in link leads: back to this page. */
    public String signIn() {
        return home + "auth/sign-in";
    }

    private boolean isAuthenticated() {
        if (!Arc.container().requestContext().isActive()) {
            return false;
        }
        RoutingContext current = request.getCurrent();
        return current != null && current.user() != null;
    }
}

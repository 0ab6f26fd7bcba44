package org.acme.session.internal.auth;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.store.SessionStore;

/** Where somebody was signed in whose session has ended: its mark says so until the session's absolute end. */
@Singleton
class LastProvider {

    private final RequestCookie cookie;
    private final SessionStore store;
    private final Providers providers;

    LastProvider(RequestCookie cookie, SessionStore store, Providers providers) {
        this.cookie = cookie;
        this.store = store;
        this.providers = providers;
    }

    /** Empty for who was not, or where there is one provider anyway; never fails. */
    Uni<Optional<String>> of(RoutingContext request) {
        if (providers.titles().size() == 1) {
            return Uni.createFrom().item(Optional.empty());
        }
        return cookie.read(request)
                .map(id -> CurrentContext.resume(store.providerOf(id))
                        .map(name -> name.filter(providers::has))
                        .onFailure()
                        .recoverWithItem(Optional.empty()))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }
}

package org.acme.session.internal.auth;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.acme.session.CurrentSession;
import org.acme.session.SessionAttributes;
import org.acme.session.SessionEnding;
import org.acme.session.SignOffOutcome;
import org.acme.session.SignedInUser;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.lifecycle.SessionWatch;
import org.acme.session.internal.lifecycle.SignOff;
import org.acme.session.internal.lifecycle.SignOffResult;
import org.acme.session.internal.store.AttributeStore;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.spi.SessionEnded.Actor;

/** The current session, as the request's identity carries it. */
@RequestScoped
class RequestSession implements CurrentSession {

    private final CurrentIdentityAssociation identity;
    private final CurrentVertxRequest request;
    private final AttributeStore attributes;
    private final SignOff signOff;
    private final RequestCookie cookie;
    private final SessionWatch watch;
    private final SessionStore store;
    private final Duration idleLimit;

    RequestSession(
            CurrentIdentityAssociation identity,
            CurrentVertxRequest request,
            AttributeStore attributes,
            SignOff signOff,
            RequestCookie cookie,
            SessionWatch watch,
            SessionStore store,
            SsoConfig config) {
        this.identity = identity;
        this.request = request;
        this.attributes = attributes;
        this.signOff = signOff;
        this.cookie = cookie;
        this.watch = watch;
        this.store = store;
        this.idleLimit = config.session().idleTimeout();
    }

    @Override
    public boolean isPresent() {
        return session().isPresent();
    }

    @Override
    public SignedInUser user() {
        required();
        return identity.getIdentity().getAttribute(SessionResolver.USER);
    }

    @Override
    public Instant startedAt() {
        return required().createdAt();
    }

    @Override
    public Instant endsAt() {
        return required().until();
    }

    @Override
    public Duration idleLimit() {
        return idleLimit;
    }

    @Override
    public Uni<Duration> timeLeft() {
        return store.timeLeft(required().id());
    }

    @Override
    public String fingerprint() {
        return required().id().fingerprint();
    }

    @Override
    public boolean isFromCache() {
        required();
        return request.getCurrent().get(SessionMechanism.REDIS_ASKED) == null;
    }

    @Override
    public SessionAttributes attributes() {
        return new StoredAttributes(attributes, required().id());
    }

    @Override
    public Uni<SessionEnding> ended() {
        return watch.ended(required());
    }

    @Override
    public Uni<SignOffOutcome> end() {
        RoutingContext asked = request.getCurrent();
        return signOff.signOff(required().id(), Actor.USER)
                .invoke(result -> cookie.clear(asked))
                .map(SignOffResult::outcome);
    }

    private SessionRecord required() {
        return session().orElseThrow(() -> new IllegalStateException("This request came without a session"));
    }

    private Optional<SessionRecord> session() {
        return Optional.ofNullable(identity.getIdentity().getAttribute(SessionResolver.SESSION));
    }
}

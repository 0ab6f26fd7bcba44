package org.acme.session.internal.guests;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.GuestSession;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.lifecycle.SessionAdopter;
import org.acme.session.internal.lifecycle.SessionLimit;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.log.RateLimitedLog;

/**
 * Makes a session that a guest began one of ours: with our limits, in our lists, and with the roles that a guest may grant.
 * It gets no tokens, so nothing refreshes it. Only if {@code sso.guests.adopt} says so: a guest names its user itself.
 */
@Singleton
class Adoption implements SessionAdopter {

    private final RateLimitedLog refusals = new RateLimitedLog(Adoption.class);

    private final SessionStore store;
    private final SessionIndex index;
    private final SessionLimit limit;
    private final Providers providers;
    private final Clock clock;
    private final SsoConfig config;
    private final SessionAudit audit;

    Adoption(
            SessionStore store,
            SessionIndex index,
            SessionLimit limit,
            Providers providers,
            Clock clock,
            SsoConfig config,
            SessionAudit audit) {
        this.store = store;
        this.index = index;
        this.limit = limit;
        this.providers = providers;
        this.clock = clock;
        this.config = config;
        this.audit = audit;
    }

    @Override
    public Uni<Boolean> adopt(SessionId id) {
        if (!config.guests().adopt()) {
            return Uni.createFrom().item(false);
        }
        return store.guestJson(id).chain(json -> json.flatMap(GuestSession::read)
                .filter(guest -> clock.instant().isBefore(guest.until()))
                .map(guest -> providers
                        .withIssuer(guest.issuer())
                        .onFailure()
                        .transform(away -> new SessionUnavailableException("The provider's issuer is not known", away))
                        .chain(provider -> provider.map(name -> begin(begun(id, guest, name), json.get()))
                                .orElseGet(() -> refused(id, "its issuer is none of our providers'"))))
                .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private SessionRecord begun(SessionId id, GuestSession guest, String provider) {
        Instant now = clock.instant();
        Instant ours = now.plus(config.session().absoluteTimeout());
        Instant until = guest.until().isBefore(ours) ? guest.until() : ours;
        return SessionRecord.begin(
                id, guest.identity(provider, config.guests().roles()), now, until, "", Tokens.none(until));
    }

    private Uni<Boolean> begin(SessionRecord session, String json) {
        return index.add(session)
                .chain(() -> store.adopt(session, json))
                .chain(adopted -> adopted ? begun(session) : Uni.createFrom().voidItem())
                // Also when it was not ours to adopt any more: it is read again, whoever has adopted or changed it.
                .replaceWith(true);
    }

    private Uni<Void> begun(SessionRecord session) {
        audit.adopted(session);
        return limit.keep(session);
    }

    private Uni<Boolean> refused(SessionId id, String why) {
        refusals.warn("Session %s was begun by a guest, and is not adopted: %s", id.fingerprint(), why);
        return Uni.createFrom().item(false);
    }
}

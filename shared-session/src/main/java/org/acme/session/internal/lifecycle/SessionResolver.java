package org.acme.session.internal.lifecycle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.acme.session.SignedInUser;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.cache.LiveSession;
import org.acme.session.internal.cache.NearCache;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.store.SessionStore;

/** Finds the session of a request: in the cache under the lease, else in Redis, its tokens refreshed if due. */
@Singleton
public class SessionResolver {

    /** Attribute of the {@link SecurityIdentity} that holds the {@link SessionRecord}. */
    public static final String SESSION = "org.acme.session";

    /** Attribute of the {@link SecurityIdentity} that holds the {@link SignedInUser}. */
    public static final String USER = "org.acme.session.user";

    /** A provider that could not refresh is not asked again before that, while the tokens are still good. */
    private static final Duration RETRY_REFRESH = Duration.ofSeconds(2);

    private final SessionStore store;
    private final SessionAdopter adopter;
    private final NearCache cache;
    private final Refresher refresher;
    private final Clock clock;
    private final SessionAudit audit;

    /** A record, which is compared by identity: that costs nothing, and the store returns the same object for the same answer. */
    private record Same(SessionRecord session) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Same same && same.session == session;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(session);
        }
    }

    /** An identity says what its record says: made once, then. Weak keys would want a cache that native executables lack. */
    private final Cache<Same, SecurityIdentity> identities = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofSeconds(10))
            .build();

    SessionResolver(
            SessionStore store,
            Instance<SessionAdopter> adopters,
            NearCache cache,
            Refresher refresher,
            Clock clock,
            SessionAudit audit) {
        this.store = store;
        this.adopter = adopters.isResolvable()
                ? adopters.get()
                : id -> Uni.createFrom().item(false);
        this.cache = cache;
        this.refresher = refresher;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * The identity of the session with that id; null when none lives, or its access token has expired and its provider wants
     * its user to sign in again: who that is has to be said anew then, though nothing has ended yet. Fails with
     * {@link org.acme.session.SessionUnavailableException} when that cannot be told.
     */
    public Uni<SecurityIdentity> find(SessionId id) {
        return find(id, () -> {});
    }

    /** The same. @param asks runs when Redis is asked for this request */
    public Uni<SecurityIdentity> find(SessionId id, Runnable asks) {
        return cache.get(id.hash(), this::isGood, () -> {
                    asks.run();
                    return load(id);
                })
                .map(live -> live.map(LiveSession::identity).orElse(null));
    }

    /**
     * The same without counting as the user's activity: nothing is touched or cached, so that a page that asks by itself
     * does not keep the session from idling out. Its tokens are refreshed if due: it follows the provider as any other does.
     */
    public Uni<SecurityIdentity> findInBackground(SessionId id) {
        return CurrentContext.resume(orAdopted(id, store.peek(id))
                .chain(found -> found.isPresent()
                        ? refresher.refreshed(found.get())
                        : Uni.createFrom().item(found))
                .map(found -> found.map(this::identityNow).orElse(null)));
    }

    /**
     * Only whose the session is: Redis alone is asked, and nothing else waited for. Not activity either, so that nobody goes
     * on like that for ever. The identity has no access token when that has expired.
     */
    public Uni<SecurityIdentity> findUnrefreshed(SessionId id) {
        return CurrentContext.resume(
                store.peek(id).map(found -> found.map(this::identityNow).orElse(null)));
    }

    /**
     * The same, from the cache where the session is in it, with the tokens refreshed if due, for the next who asks.
     *
     * @param asks runs when Redis is asked for this request
     */
    public Uni<SecurityIdentity> findRefreshingBeside(SessionId id, Runnable asks) {
        return cache.look(id.hash(), this::isGood, () -> {
                    asks.run();
                    return store.peek(id)
                            .invoke(found -> found.ifPresent(refresher::refreshBeside))
                            .map(session -> session.map(this::alive))
                            .invoke(live -> live.ifPresent(one -> audit.known(id)));
                })
                .map(live -> live.map(LiveSession::identity).orElse(null));
    }

    /** Its user says that they are still there, which counts; due tokens are refreshed, and not waited for. */
    public Uni<Void> stay(SessionId id) {
        return store.readAsWordOfTheUser(id)
                .invoke(found -> found.ifPresent(refresher::refreshBeside))
                .replaceWithVoid();
    }

    private boolean isGood(LiveSession live) {
        return clock.instant().isBefore(live.goodUntil());
    }

    private Uni<Optional<LiveSession>> load(SessionId id) {
        return orAdopted(id, store.readAsActivity(id))
                .chain(found -> found.isPresent()
                        ? refresher.refreshed(found.get()).chain(now -> counted(found.get(), now))
                        : Uni.createFrom().item(found))
                .map(session -> session.map(this::alive))
                .invoke(live -> live.ifPresent(one -> audit.known(id)));
    }

    /** With an expired access token the first read was no activity yet: without new tokens it would have come to nothing. */
    private Uni<Optional<SessionRecord>> counted(SessionRecord before, Optional<SessionRecord> now) {
        return now.filter(session -> session.tokensRev() != before.tokensRev()).isPresent()
                ? store.readAsActivity(before.id())
                : Uni.createFrom().item(now);
    }

    /** @param read reads the session; anew when there is one that was not there before */
    private Uni<Optional<SessionRecord>> orAdopted(SessionId id, Uni<Optional<SessionRecord>> read) {
        return read.chain(found -> found.isPresent()
                ? Uni.createFrom().item(found)
                : adopter.adopt(id)
                        .chain(adopted -> adopted ? read : Uni.createFrom().item(found)));
    }

    LiveSession alive(SessionRecord session) {
        Instant due = refresher.dueAt(session);
        Instant soon = clock.instant().plus(RETRY_REFRESH);
        // Never longer than the access token, which the identity carries.
        Instant goodUntil = Stream.of(
                        due.isBefore(soon) ? soon : due, session.tokens().accessExpires(), session.until())
                .min(Comparator.naturalOrder())
                .get();
        return new LiveSession(session, identityNow(session), goodUntil);
    }

    private SecurityIdentity identityNow(SessionRecord session) {
        return refresher.hasExpired(session)
                ? who(session).build()
                : identities.get(new Same(session), same -> withToken(same.session()));
    }

    private static SecurityIdentity withToken(SessionRecord session) {
        String access = session.tokens().access();
        return access.isEmpty()
                ? who(session).build()
                : who(session).addCredential(new AccessTokenCredential(access)).build();
    }

    private static QuarkusSecurityIdentity.Builder who(SessionRecord session) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(session.identity().name()))
                .addRoles(session.identity().roles())
                .addAttribute(SESSION, session)
                .addAttribute(USER, user(session.identity()));
    }

    private static SignedInUser user(Identity identity) {
        return new SignedInUser(
                identity.provider(),
                identity.issuer(),
                identity.subject(),
                identity.name(),
                identity.roles(),
                identity.profile());
    }
}

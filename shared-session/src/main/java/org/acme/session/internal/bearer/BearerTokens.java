package org.acme.session.internal.bearer;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.acme.session.SessionUnavailableException;
import org.acme.session.SignedInUser;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.BearerError;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.oidc.Claims;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.log.RateLimitedLog;

/**
 * Who a request with a bearer token is from. A token that is not accepted is answered here, whatever else the request
 * brings and whoever may see the resource: nothing is fallen through from.
 */
@Singleton
public class BearerTokens {

    /** Attribute of the {@link SecurityIdentity} that holds the scopes of its token, a set of texts. */
    public static final String SCOPES = "org.acme.session.scopes";

    /** Attribute of the {@link SecurityIdentity} that holds when its user signed in, an instant; missing when unknown. */
    public static final String AUTHENTICATED = "org.acme.session.authenticated";

    /** Attribute of the {@link SecurityIdentity} that holds how they did, a text; missing when unknown. */
    public static final String ACR = "org.acme.session.acr";

    private final TokenCheck check;
    private final SessionIndex index;
    private final Replies replies;
    private final String provider;
    private final String rolesClaim;
    private final RateLimitedLog outage = new RateLimitedLog(BearerTokens.class);

    BearerTokens(TokenCheck check, SessionIndex index, Replies replies, Providers providers, SsoConfig config) {
        this.check = check;
        this.index = index;
        this.replies = replies;
        this.provider = providers.defaultProvider();
        this.rolesClaim = config.providers().get(provider).rolesClaim();
    }

    /** The identity; null when the request has been answered, or brings another kind of authorization. */
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager identityProviders) {
        Optional<String> token;
        try {
            token = Authorization.token(request.request());
        } catch (Authorization.MalformedException malformed) {
            return answered(request, replies.refused(BearerError.malformed(malformed.getMessage())));
        }
        if (token.isEmpty()) {
            return Uni.createFrom().nullItem();
        }
        return check.claims(token.get(), request, identityProviders)
                .onFailure()
                .transform(this::unverified)
                .chain(this::unlessEnded)
                .chain(claims -> claims.isPresent()
                        ? Uni.createFrom().item(identity(token.get(), claims.get()))
                        : answered(request, replies.refused(BearerError.invalid())))
                .onFailure(UnverifiedException.class)
                .recoverWithUni(() -> answered(request, replies.tokenUnverified()));
    }

    private Uni<Optional<Claims>> unlessEnded(Optional<Claims> good) {
        if (good.isEmpty()) {
            return Uni.createFrom().item(good);
        }
        Claims claims = good.get();
        Instant issuedAt = claims.instant("iat").orElseThrow();
        Uni<Boolean> session = index.hasEndedSince(TokenClaims.providerSession(claims), issuedAt);
        Uni<Boolean> user = index.hasUserEndedSince(
                claims.text("iss").orElseThrow(), claims.text("sub").orElseThrow(), issuedAt);
        // Asked together: the second costs no round trip of its own.
        return Uni.combine().all().unis(session, user).with((one, other) -> good.filter(living -> !one && !other));
    }

    private SecurityIdentity identity(String token, Claims claims) {
        String subject = claims.text("sub").orElseThrow();
        String name = claims.personName().orElse(subject);
        Set<String> roles = claims.names(rolesClaim);
        QuarkusSecurityIdentity.Builder identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(name))
                .addRoles(roles)
                .addCredential(new AccessTokenCredential(token))
                .addAttribute(SCOPES, claims.scopes());
        claims.instant("auth_time").ifPresent(at -> identity.addAttribute(AUTHENTICATED, at));
        claims.text("acr").ifPresent(how -> identity.addAttribute(ACR, how));
        if (!TokenClaims.isOfAService(claims)) {
            String issuer = claims.text("iss").orElseThrow();
            identity.addAttribute(
                    SessionResolver.USER, new SignedInUser(provider, issuer, subject, name, roles, claims.profile()));
        }
        return identity.build();
    }

    private Throwable unverified(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // Its class only: what it says may quote the token.
        outage.warn(
                "Bearer tokens cannot be verified (%s). Such requests get 503",
                root.getClass().getSimpleName());
        return failure instanceof SessionUnavailableException ? failure : new UnverifiedException(failure);
    }

    private static Uni<SecurityIdentity> answered(RoutingContext request, HttpReply reply) {
        reply.writeTo(request);
        return Uni.createFrom().nullItem();
    }

    /** Nobody could say what a token is worth. */
    private static final class UnverifiedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnverifiedException(Throwable cause) {
            super(cause);
        }
    }
}

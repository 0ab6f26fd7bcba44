package org.acme.session.internal.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of the shared session. Each key has the prefix {@code sso.}. */
@ConfigMapping(prefix = "sso")
public interface SsoConfig {

    /** The public address of the system, such as {@code https://sso.example.org}. Decides scheme, host and cookie. */
    String baseUrl();

    /** Networks of the proxies whose {@code X-Forwarded-For} is trusted. Only shown to users: where they signed in from. */
    @WithDefault("127.0.0.0/8,::1/128")
    List<String> trustedProxies();

    /** What this instance is called where the fleet is shown to people ({@code FleetView}); letters, digits and {@code ._:-}. */
    Optional<String> instanceName();

    /** The session cookie. */
    Cookie cookie();

    /** The keys that encrypt tokens at rest. */
    Encryption encryption();

    /** The lifetime of a session. */
    Session session();

    /** Signing in. */
    SignIn signIn();

    /** Single sign-off. */
    SignOff signOff();

    /** What is accepted from services of other stacks that begin sessions themselves. */
    Guests guests();

    /** The near cache of sessions in each instance, and its lease. */
    Cache cache();

    /** When tokens are refreshed. */
    Refresh refresh();

    /** Access to the session store. */
    Store store();

    /** How bearer tokens are verified. */
    Bearer bearer();

    /** WebSockets that are tied to a session ({@code SessionSockets}). */
    Sockets sockets();

    /** This service's own client at the default provider: it introspects, and gets tokens for itself. */
    OwnClient ownClient();

    /** Calls to other services on behalf of the caller. */
    Downstream downstream();

    /** The OpenID providers by name, as in {@code auth/<name>}. */
    Map<String, Provider> providers();

    /** The provider that signs in a user who requests a page without a session, and whose bearer tokens are accepted. */
    @WithDefault("keycloak")
    String defaultProvider();

    /** Whether a user without a session selects a provider before signing in, where there is more than one. */
    @WithDefault("false")
    boolean providerSelection();

    /** The session cookie. */
    interface Cookie {

        /** Secrets of at least 32 characters; the first signs, all verify. */
        List<String> secrets();

        /** Domain of a deployment on sub-domains; needs an https base URL. */
        Optional<String> domain();
    }

    /** The keys that encrypt tokens at rest. */
    interface Encryption {

        /** Keys as {@code <name>:<base64 of 32 bytes>}; the first encrypts, all decrypt. */
        List<String> keys();
    }

    /** The lifetime of a session. */
    interface Session {

        /** Idle timeout: a session without activity for this long ends. */
        @WithDefault("30m")
        Duration idleTimeout();

        /** Absolute timeout: a session ends this long after its sign-in, used or not. */
        @WithDefault("8h")
        Duration absoluteTimeout();

        /** Activity is written at most once per interval. */
        @WithDefault("30s")
        Duration touchInterval();

        /** Maximum number of sessions of one user; one more ends the least recently used. */
        @WithDefault("100")
        int maxPerUser();

        /**
         * Maximum lifetime of an access token: for this long the bearer tokens of an ended session are refused. Older tokens of users are
         * refused in any case, unless {@code sso.bearer.verification} asks the provider about each.
         */
        @WithDefault("15m")
        Duration maxAccessTokenLifetime();
    }

    /** Signing in. */
    interface SignIn {

        /** How long a user may take at the provider; longer than its own sign-in page lives. */
        @WithDefault("1h")
        Duration timeout();
    }

    /** Single sign-off. */
    interface SignOff {

        /** How long a sign-off waits for acknowledgements before it revokes the leases of the instances that sent none. */
        @WithDefault("250ms")
        Duration ackTimeout();

        /**
         * Whether the page after a sign-off tells how many instances have confirmed it, and how long it took; for a
         * demonstration.
         */
        @WithDefault("false")
        boolean showDetails();
    }

    /** Stock Express services and the like: they write {@code sess:<id>} and nothing else. */
    interface Guests {

        /** Whether sessions that a guest began are accepted. A guest states who its user is, and is trusted with that. */
        @WithDefault("false")
        boolean adopt();

        /** The roles that a guest may grant; other roles in its session are ignored. */
        @WithDefault("user")
        Set<String> roles();
    }

    /** The near cache of sessions in each instance, and its lease. */
    interface Cache {

        /** Whether sessions are cached; if not, every request asks Redis. */
        @WithDefault("true")
        boolean enabled();

        /**
         * Maximum number of sessions in the cache of one instance. Unless set: as many as fit into a quarter of the heap, at
         * 12 KB each, and no more than 20,000.
         */
        Optional<Integer> maxSize();

        /** A cached session is read again after this time; the read counts as activity. */
        @WithDefault("5s")
        Duration ttl();

        /** How long an instance may trust its cache without renewing its lease. */
        @WithDefault("1s")
        Duration leaseDuration();

        /** Interval at which an instance renews its lease. */
        @WithDefault("300ms")
        Duration leaseRenewInterval();

        /**
         * An instance whose cache no request has used for this long gives up its lease and sends few heartbeats. The next request
         * asks Redis, and brings the lease back within half a second.
         */
        @WithDefault("1m")
        Duration restAfter();
    }

    /** When tokens are refreshed. */
    interface Refresh {

        /** Tokens are refreshed when they expire within this time. */
        @WithDefault("15s")
        Duration timeSkew();

        /** Lifetime of the refresh lock of an instance that died; a living holder extends it. */
        @WithDefault("5s")
        Duration lockTtl();

        /** How long a provider may take to answer a refresh, which goes on whether or not a request still waits for it. */
        @WithDefault("30s")
        Duration providerTimeout();

        /** How long a request waits for tokens, from a refresh or a sign-in; shorter than the timeout of the proxy. */
        @WithDefault("5s")
        Duration requestTimeout();

        /**
         * Paths below this service's root that need no fresh tokens, like {@code auth/sign-off}: a request there never waits for
         * a provider, and is no activity. For requests that end sessions, such as {@code POST sessions/*}: a method, or none
         * for any, and a path in which {@code *} stands for one segment.
         */
        Optional<List<String>> exemptPaths();

        /** Interval at which the provider is asked whether the access token of a session without a refresh token is valid. */
        @WithDefault("5m")
        Duration revalidateInterval();
    }

    /** Access to the session store. */
    interface Store {

        /** A store that has not answered within this time counts as unavailable. */
        @WithDefault("2s")
        Duration timeout();

        /**
         * How many replicas of Redis must have an end, a tombstone or a revoked lease before it is answered; if fewer confirm
         * within half of the timeout, the response is 503, and asking again completes it. 0 answers without replicas.
         */
        @WithDefault("0")
        int replicas();
    }

    /** WebSockets that are tied to a session. */
    interface Sockets {

        /** Maximum number of sockets of one session at one instance; one more closes the oldest. */
        @WithDefault("4")
        int perSession();

        /** Maximum number of sockets at one instance; one more is closed, and may be opened elsewhere, or later. */
        @WithDefault("2000")
        int perInstance();
    }

    /** How bearer tokens are verified; they are the default provider's. */
    interface Bearer {

        /** How a token is verified. */
        @WithDefault("local")
        Verification verification();

        /** Accepted types of access tokens, in the header or the claim {@code typ}; no other token is accepted. */
        @WithDefault("Bearer,at+jwt")
        Set<String> types();

        /** How long the provider's answer about a token is cached; what is verified locally is not cached. */
        @WithDefault("10s")
        Duration cacheTtl();

        /** Maximum number of tokens in the cache of one instance. */
        @WithDefault("10000")
        int cacheMaxSize();
    }

    /** This service's own client at the default provider. */
    interface OwnClient {

        /** Its client id; the service's name, unless set. */
        String id();

        /** Its client secret; without one, the provider's client of this system introspects. */
        Optional<String> secret();
    }

    /** Calls to other services on behalf of the caller. */
    interface Downstream {

        /** Base URLs, such as {@code http://users:8080/users/}, to which the caller's access token may be sent. */
        Optional<List<String>> allowedUrls();
    }

    /** How a bearer token is verified. See docs/apis.md for what each proves and costs. */
    enum Verification {
        /** By its signature, with the provider's keys. */
        LOCAL,
        /** At the provider's introspection endpoint (RFC 7662). */
        INTROSPECTION,
        /** At the provider's userinfo endpoint (OIDC Core 1.0, section 5.3). */
        USERINFO
    }

    /** An OpenID provider. */
    interface Provider {

        /** Its name on the page where users select a provider; its name in these settings, unless set. */
        Optional<String> title();

        /** Its protocol. */
        @WithDefault("openid")
        Protocol protocol();

        /**
         * Address at which the services reach it; its issuer may be another, public one. For a provider that speaks OAuth 2.0
         * only, the name that stands for its issuer.
         */
        String url();

        /** Further parameters of the authorization request, such as {@code kc_idp_hint}. */
        Map<String, String> parameters();

        /** Its endpoints, if it speaks OAuth 2.0 only. */
        Optional<Endpoints> endpoints();

        /** This system's client id. */
        String clientId();

        /** This system's client secret. */
        String clientSecret();

        /** How id and secret are sent. */
        @WithDefault("basic")
        ClientAuthentication clientAuthentication();

        /** Scopes that are requested besides {@code openid}. */
        @WithDefault("profile,email")
        Set<String> scopes();

        /**
         * Path of the user's roles in the access token, names separated by a slash. A claim whose own name has slashes, such as {@code
         * https://example.org/roles}, is named as it is.
         */
        @WithDefault("realm_access/roles")
        String rolesClaim();

        /** Roles of every user that it signs in. */
        Optional<Set<String>> roles();

        /** Claim of its userinfo that identifies a user permanently; OAuth 2.0 only. Never an e-mail address. */
        @WithDefault("sub")
        String subjectClaim();

        /** Claim of its userinfo with the user's name; OAuth 2.0 only. */
        @WithDefault("name")
        String nameClaim();

        /** Whether authorization requests have a PKCE challenge (RFC 7636); off for a provider that refuses it. */
        @WithDefault("true")
        boolean pkce();

        /** Whether its ID tokens have to repeat the nonce of the request; off for a provider whose tokens do not. */
        @WithDefault("true")
        boolean nonce();
    }

    /** How a client authenticates at a provider's endpoints (RFC 6749, section 2.3.1). */
    enum ClientAuthentication {
        /** In the header {@code Authorization}. */
        BASIC,
        /** In the form. */
        POST
    }

    /** The protocol of a provider. */
    enum Protocol {
        /** OpenID Connect, with discovery. */
        OPENID,
        /** OAuth 2.0 and a userinfo endpoint: no ID token. */
        OAUTH2
    }

    /** The endpoints of a provider without discovery. */
    interface Endpoints {

        /** Authorization endpoint. */
        String authorization();

        /** Token endpoint. */
        String token();

        /** Userinfo endpoint. */
        String userinfo();
    }
}

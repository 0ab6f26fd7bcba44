package org.acme.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything that can be set about the shared session. Each key has the prefix {@code sso.}. */
@ConfigMapping(prefix = "sso")
public interface SsoConfig {

    /** The one address users see, such as {@code https://sso.example.org}. Decides scheme, host and cookie. */
    String baseUrl();

    /** Networks of the proxies whose {@code X-Forwarded-For} is believed, as a display of where a user signed in. */
    @WithDefault("127.0.0.0/8,::1/128")
    List<String> proxies();

    /** The session cookie. */
    Cookie cookie();

    /** The keys that seal tokens at rest. */
    Seal seal();

    /** How long a session lives. */
    Life session();

    /** Signing in. */
    SignIn signIn();

    /** What is believed of services of other stacks that begin sessions themselves. */
    Guests guests();

    /** What an instance remembers. */
    Memory memory();

    /** When tokens are refreshed. */
    Refresh refresh();

    /** How the session store is asked. */
    Store store();

    /** How bearer tokens are verified. */
    Bearer bearer();

    /** WebSockets that are tied to a session ({@link SessionSockets}). */
    Sockets sockets();

    /** This service's own client at the default provider: it introspects, and gets tokens for itself. */
    OwnClient ownClient();

    /** Calls to other services in the name of the caller. */
    Downstream downstream();

    /** The OpenID providers by name, as in {@code auth/<name>}. */
    Map<String, Provider> providers();

    /** The provider that signs in who asks for a page without a session, and whose bearer tokens count. */
    @WithDefault("keycloak")
    String defaultProvider();

    /** Whether who asks for a page without a session chooses a provider first, where there is more than one. */
    @WithDefault("false")
    boolean chooseProvider();

    /** The session cookie. */
    interface Cookie {

        /** Secrets of at least 32 characters; the first signs, all verify. */
        List<String> secrets();

        /** Domain of a deployment on sub-domains; needs an https base URL. */
        Optional<String> domain();
    }

    /** The keys that seal tokens at rest. */
    interface Seal {

        /** Keys as {@code <name>:<base64 of 32 bytes>}; the first seals, all open. */
        List<String> keys();
    }

    /** How long a session lives. */
    interface Life {

        /** A session that nobody used for so long is over. */
        @WithDefault("30m")
        Duration idle();

        /** A session is over then, used or not. */
        @WithDefault("8h")
        Duration absolute();

        /** Activity is written at most that often. */
        @WithDefault("30s")
        Duration touchEvery();

        /** Most sessions that one user has at the same time; with one more, the one used longest ago ends. */
        @WithDefault("100")
        int mostPerUser();

        /** Longest life of an access token: so long bearer tokens of an ended session are refused by name. */
        @WithDefault("15m")
        Duration longestAccessToken();
    }

    /** Signing in. */
    interface SignIn {

        /** How long somebody may take at the provider; longer than its own sign-in page lives. */
        @WithDefault("1h")
        Duration timeout();
    }

    /** Stock Express services and the like: they write {@code sess:<id>} and nothing else. */
    interface Guests {

        /** Whether sessions that a guest began count here. A guest says itself who its user is, so it is trusted with that. */
        @WithDefault("false")
        boolean adopt();

        /** The roles that a guest may grant; others in its session are ignored. */
        @WithDefault("user")
        Set<String> roles();
    }

    /** What an instance remembers. */
    interface Memory {

        /** Whether sessions are remembered at all; without, every request asks Redis. */
        @WithDefault("true")
        boolean enabled();

        /**
         * Most sessions remembered by one instance. Without it: as many as fit into a quarter of the heap, 12 KB each, and no
         * more than 20,000.
         */
        Optional<Integer> sessions();

        /** A remembered session is read again after that, which also counts as activity. */
        @WithDefault("5s")
        Duration readAgainAfter();

        /** How long an instance may trust its memory without renewing its lease. */
        @WithDefault("1s")
        Duration lease();

        /** How often the lease is renewed. */
        @WithDefault("300ms")
        Duration renewEvery();

        /** How long a sign-off waits for confirmations before it takes the leases of those who did not confirm. */
        @WithDefault("250ms")
        Duration patience();
    }

    /** When tokens are refreshed. */
    interface Refresh {

        /** Tokens are refreshed when they have no more than that to live. */
        @WithDefault("15s")
        Duration ahead();

        /** The lock of one who died holding it is free after that; a living holder extends it. */
        @WithDefault("5s")
        Duration lock();

        /** How long a provider may take to answer; a refresh goes on for that long, whoever waits for it. */
        @WithDefault("30s")
        Duration timeLimit();

        /** How long a request waits for tokens, new ones or those of a sign-in; less than the proxy waits for us. */
        @WithDefault("5s")
        Duration waitAtMost();

        /**
         * Paths below this service's root for which it is enough to know who asks, as for {@code auth/sign-off}: a request there
         * never waits for a provider, and is no activity. For what ends sessions, such as {@code POST sessions/*}: a method, or
         * none for any, and a path in which a {@code *} stands for one segment.
         */
        Optional<List<String>> exemptPaths();

        /** How often a session without a refresh token is asked about at its provider: its access token must still be good. */
        @WithDefault("5m")
        Duration askAgainAfter();
    }

    /** How the session store is asked. */
    interface Store {

        /** A store that has not answered by then counts as unreachable. */
        @WithDefault("2s")
        Duration timeLimit();
    }

    /** WebSockets that are tied to a session. */
    interface Sockets {

        /** Most that one session has at the same time at one instance; with one more, the oldest closes. */
        @WithDefault("4")
        int perSession();

        /** Most that one instance has; one more is closed, and may be opened elsewhere, or later. */
        @WithDefault("2000")
        int perInstance();
    }

    /** How bearer tokens are verified; they are the default provider's. */
    interface Bearer {

        /** Who says what a token is worth. */
        @WithDefault("local")
        Verification verify();

        /** What an access token calls itself, in its header or in its claim {@code typ}; no other token is one. */
        @WithDefault("Bearer,at+jwt")
        Set<String> types();

        /** How long the provider's word on a token counts; nothing is kept of what is verified locally. */
        @WithDefault("10s")
        Duration remember();

        /** Most tokens remembered by one instance. */
        @WithDefault("10000")
        int remembered();
    }

    /** This service's own client at the default provider. */
    interface OwnClient {

        /** Its id; the service's name, unless set. */
        String id();

        /** Its secret; without one the provider's client of this system introspects. */
        Optional<String> secret();
    }

    /** Calls to other services in the name of the caller. */
    interface Downstream {

        /** Base addresses, such as {@code http://users:8080/users/}, that may get a caller's access token. */
        Optional<List<String>> allowed();
    }

    /** Who says what a bearer token is worth. See docs/apis.md for what each proves and costs. */
    enum Verification {
        /** Its signature, by the provider's keys. */
        LOCAL,
        /** The provider's introspection endpoint (RFC 7662). */
        INTROSPECTION,
        /** The provider's userinfo endpoint (OIDC Core 1.0, section 5.3). */
        USERINFO
    }

    /** A provider of identities. */
    interface Provider {

        /** What it is called on the page where people choose; its name, unless set. */
        Optional<String> title();

        /** What it speaks. */
        @WithDefault("openid")
        Protocol protocol();

        /**
         * Address by which the services reach it; its issuer may be another, public one. Of a provider that speaks OAuth 2.0
         * only, the name that stands for its issuer.
         */
        String url();

        /** Further parameters of the way to its sign-in page, such as {@code kc_idp_hint}. */
        Map<String, String> parameters();

        /** Where it is to be found, of a provider that speaks OAuth 2.0 only. */
        Optional<Endpoints> endpoints();

        /** This system's client id there. */
        String clientId();

        /** This system's client secret there. */
        String clientSecret();

        /** What is asked for besides {@code openid}. */
        @WithDefault("profile,email")
        Set<String> scopes();

        /** Where the access token holds the user's roles, names separated by a slash. */
        @WithDefault("realm_access/roles")
        String rolesClaim();

        /** Roles of everybody whom it signs in. */
        Optional<Set<String>> roles();

        /** Claim of its userinfo that names a user for good; OAuth 2.0 only. Never an e-mail address. */
        @WithDefault("sub")
        String subjectClaim();

        /** Claim of its userinfo that a user is called by; OAuth 2.0 only. */
        @WithDefault("name")
        String nameClaim();

        /** Whether the way to its sign-in page has a PKCE challenge (RFC 7636); off for a provider that stumbles over it. */
        @WithDefault("true")
        boolean pkce();
    }

    /** What a provider speaks. */
    enum Protocol {
        /** OpenID Connect, with discovery. */
        OPENID,
        /** OAuth 2.0 and an endpoint that tells whose an access token is: no ID token. */
        OAUTH2
    }

    /** Where a provider is to be found that has no discovery. */
    interface Endpoints {

        /** Where a browser signs in. */
        String authorization();

        /** Where a code is exchanged. */
        String token();

        /** Where it tells whose an access token is. */
        String userinfo();
    }
}

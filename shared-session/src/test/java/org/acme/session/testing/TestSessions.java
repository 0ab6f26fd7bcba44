package org.acme.session.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.Identity;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.Tokens;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Real sessions without a provider: written to the test's Redis by the contract's own classes and scripts, as a sign-in
 * writes them.
 *
 * <pre>{@code
 * @QuarkusTest
 * @QuarkusTestResource(RedisServer.class)
 * class PageTest {
 *     ... given().header("Cookie", TestSessions.cookieOf("alice", "user")).get("/profile") ...
 * }
 * }</pre>
 *
 * <p>The tokens are made up: the provider that {@link RedisServer} configures is out of reach, so nothing is refreshed.
 */
public final class TestSessions {

    public static final String PROVIDER = "keycloak";
    public static final String ISSUER = "https://provider.test/realms/sso";
    public static final Duration LIFE = Duration.ofHours(8);
    private static final Duration IDLE = Duration.ofMinutes(30);

    private final String redisUri;
    private final SessionCookie cookie;
    private final CookieSigner signer;
    private final TokenSeal seal;

    /** @param settings the settings of a service under test, as {@link RedisServer#start()} returns them */
    public TestSessions(Map<String, String> settings) {
        this.redisUri = settings.get("quarkus.redis.hosts");
        this.cookie = SessionCookie.of(BaseUrl.parse(settings.get("sso.base-url")), Optional.empty());
        this.signer = new CookieSigner(List.of(settings.get("sso.cookie.secrets")));
        this.seal = TokenSeal.of(List.of(settings.get("sso.encryption.keys")));
    }

    private TestSessions(Config config) {
        this.redisUri = config.getValue("quarkus.redis.hosts", String.class);
        this.cookie = SessionCookie.of(
                BaseUrl.parse(config.getValue("sso.base-url", String.class)),
                config.getOptionalValue("sso.cookie.domain", String.class));
        this.signer = new CookieSigner(config.getValues("sso.cookie.secrets", String.class));
        this.seal = TokenSeal.of(config.getValues("sso.encryption.keys", String.class));
    }

    /** Writes a session for the service that the running {@code @QuarkusTest} tests. @return its Cookie header */
    public static String cookieOf(String name, String... roles) {
        return cookieOf(sessionOf(name, roles));
    }

    /** The same for a session that was made to measure, starting from {@link #sessionOf}. */
    public static String cookieOf(SessionRecord session) {
        return new TestSessions(ConfigProvider.getConfig()).write(session);
    }

    /** The Cookie header of a session that there is not, or no longer; signed like all. */
    public static String cookieOfNobody() {
        return new TestSessions(ConfigProvider.getConfig()).cookieOf(SessionId.random());
    }

    /** A session of who signs in now, not yet written. The subject differs from the name, as it does with a real provider. */
    public static SessionRecord sessionOf(String name, String... roles) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Identity identity = new Identity(
                PROVIDER,
                ISSUER,
                "subject-of-" + name,
                Optional.of(UUID.randomUUID().toString()),
                name,
                Set.of(roles),
                Map.of("email", name + "@example.org"));
        Tokens tokens =
                new Tokens("access-" + UUID.randomUUID(), now.plus(LIFE), Optional.of("refresh-" + UUID.randomUUID()));
        return SessionRecord.begin(SessionId.random(), identity, now, now.plus(LIFE), "a test", tokens)
                .authenticated(Optional.of(now), Optional.empty());
    }

    /** Writes a session. @return its Cookie header */
    public String write(SessionRecord session) {
        try (RedisConnection redis = new RedisConnection(redisUri)) {
            ScriptCall.index(session).forEach(call -> redis.send(call.eval().toArray(String[]::new)));
            ScriptCall create = ScriptCall.create(session, IDLE, cookie.secure(), seal);
            if (redis.number(create.eval().toArray(String[]::new)) != 1) {
                throw new IllegalStateException("The session was not written: its id is in use, or its end has passed");
            }
        }
        return cookieOf(session.id());
    }

    /** The Cookie header that belongs to that id, whether or not there is such a session. */
    public String cookieOf(SessionId id) {
        String setCookie = cookie.set(signer.sign(id));
        return setCookie.substring(0, setCookie.indexOf(';'));
    }
}

package org.acme.benchmark;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.Tokens;

/**
 * People and leases, as Redis has them. People are written by the contract's own classes and scripts, as a sign-in writes them,
 * with no refresh token: so the provider has no part in what is measured.
 */
final class People {

    private static final int SECONDS = 10;

    private final TokenSeal seal;
    private final CookieSigner signer;
    private final String issuer;
    private final boolean secure;
    private final Redis redis;

    People(Map<String, String> env) {
        seal = TokenSeal.of(List.of(env.get("SSO_ENCRYPTION_KEYS").split(",")));
        signer = new CookieSigner(List.of(env.get("SSO_COOKIE_SECRETS").split(",")));
        issuer = env.get("KEYCLOAK_URL") + "/realms/sso";
        secure = env.get("BASE_URL").startsWith("https:");
        redis = Redis.createClient(
                Vertx.vertx(),
                new RedisOptions()
                        .setConnectionString(env.get("REDIS_URL"))
                        .setMaxPoolSize(8)
                        .setMaxPoolWaiting(1000));
    }

    Person signIn() {
        return signInLater().join();
    }

    CompletableFuture<Person> signInLater() {
        Instant now = Instant.now();
        Identity who = new Identity(
                "keycloak",
                issuer,
                UUID.randomUUID().toString(),
                Optional.of(UUID.randomUUID().toString()),
                "somebody",
                Set.of("user"),
                Map.of());
        SessionRecord session = SessionRecord.begin(
                SessionId.random(),
                who,
                now,
                now.plusSeconds(3600),
                "infra/bench",
                new Tokens("none", now.plusSeconds(3600), Optional.empty()));
        String until = Long.toString(session.until().toEpochMilli());
        List<String> create = new ArrayList<>(List.of(
                "EVAL",
                script("create"),
                "2",
                Keys.express(session.id()),
                Keys.record(session.id()),
                "1800000",
                until,
                ExpressRecord.write(who, session.until(), secure)));
        session.write(seal).forEach((field, value) -> create.addAll(List.of(field, value)));
        return enter(Keys.userIndex(who.issuer(), who.subject()), session, until)
                .thenCompose(done -> enter(
                        Keys.providerSessionIndex(who.providerSessionHash().orElseThrow()), session, until))
                .thenCompose(done -> send(create.toArray(String[]::new)))
                .thenApply(done -> new Person(
                        session.id(),
                        "sso="
                                + signer.sign(session.id())
                                        .replace("+", "%2B")
                                        .replace("/", "%2F")
                                        .replace(":", "%3A")));
    }

    private CompletableFuture<Response> enter(String index, SessionRecord session, String until) {
        return send("EVAL", script("index"), "1", index, session.id().value(), until);
    }

    boolean hasEnded(Person person) {
        try {
            Response state =
                    send("HGET", Keys.record(person.id()), SessionRecord.STATE).join();
            return state == null || state.toString().equals(SessionRecord.ENDED);
        } catch (CompletionException redisAway) {
            return false;
        }
    }

    /** How many instances may trust their memory; none when Redis is unavailable. */
    int leases() {
        try {
            String now = Long.toString(System.currentTimeMillis());
            return (int) send("ZRANGEBYSCORE", Keys.LEASES, now, "+inf").join().stream()
                    .filter(instance -> !instance.toString().startsWith("!")) // taken by a sign-off
                    .count();
        } catch (CompletionException redisAway) {
            return 0;
        }
    }

    void forgetLeases() {
        send("DEL", Keys.LEASES).join();
    }

    private CompletableFuture<Response> send(String... words) {
        Request request = Request.cmd(Command.create(words[0]));
        for (int i = 1; i < words.length; i++) {
            request.arg(words[i]);
        }
        return redis.send(request).toCompletionStage().toCompletableFuture().orTimeout(SECONDS, TimeUnit.SECONDS);
    }

    private static String script(String name) {
        try (var file = SessionRecord.class.getResourceAsStream("/org/acme/session/scripts/" + name + ".lua")) {
            return new String(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

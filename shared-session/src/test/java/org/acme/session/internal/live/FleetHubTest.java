package org.acme.session.internal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.acme.session.FleetView;
import org.acme.session.FleetView.Update;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.lifecycle.SignOff;
import org.acme.session.internal.store.LeaseRepository;
import org.acme.session.spi.FleetNotice;
import org.acme.session.spi.FleetObserver;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What somebody who watches is shown, on a real Redis; other instances speak through the observer. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class FleetHubTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Inject
    FleetView view;

    @Inject
    FleetObserver others;

    @Inject
    SignOff signOff;

    @Inject
    SessionResolver sessions;

    @Inject
    LeaseRepository leases;

    @Inject
    CookieSigner signer;

    private final LinkedBlockingQueue<Update> shown = new LinkedBlockingQueue<>();
    private Cancellable watching;

    @BeforeEach
    void watch() {
        watching = view.updates().subscribe().with(shown::add);
    }

    @AfterEach
    void leave() {
        watching.cancel();
        assertEquals(0, view.watching());
    }

    private Update next(Predicate<Update> wanted) throws InterruptedException {
        for (Update update = shown.poll(10, TimeUnit.SECONDS);
                update != null;
                update = shown.poll(10, TimeUnit.SECONDS)) {
            if (wanted.test(update)) {
                return update;
            }
        }
        throw new AssertionError("not shown");
    }

    private static Predicate<Update> moment(String text) {
        return update -> update.name().equals("moment") && update.json().contains(text);
    }

    private SessionId session() {
        return CookieHeader.first(List.of(TestSessions.cookieOf("alice-" + UUID.randomUUID(), "user")), "sso")
                .flatMap(signer::verify)
                .orElseThrow();
    }

    @Test
    @DisplayName("L11: a sign-off is shown step by step, and nothing shown opens, finds or names a session")
    void aSignOff() throws InterruptedException {
        SessionId id = session();
        sessions.find(id).await().atMost(LIMIT);
        Update known = next(moment("\"kind\":\"known\""));

        signOff.signOff(id, Actor.USER).await().atMost(LIMIT);

        Update ended = next(moment("\"what\":\"answered\""));
        assertTrue(ended.json().contains("\"what\":\"redis\""), ended.json());
        for (Update update : List.of(known, ended)) {
            for (String secret : List.of(id.value(), id.hash(), id.fingerprint(), "alice")) {
                assertFalse(update.json().contains(secret), update.json());
            }
        }
    }

    @Test
    @DisplayName("leases are shown as Redis has them, taken ones too")
    void leasesAreShown() throws InterruptedException {
        String holder = UUID.randomUUID().toString();
        leases.renew(holder, Duration.ofMinutes(1), false).await().atMost(LIMIT);

        next(update -> update.name().equals("fleet")
                && update.json().contains("\"id\":\"" + holder + "\"")
                && update.json().contains("\"lease\":\"held\""));

        leases.revoke(java.util.Set.of(holder)).await().atMost(LIMIT);

        next(update -> update.json()
                .contains("\"id\":\"" + holder
                        + "\",\"name\":\"\",\"service\":\"\",\"heard\":false,\"lease\":\"taken\""));
        leases.release('!' + holder).await().atMost(LIMIT);
    }

    @Test
    @DisplayName("what other instances tell is shown, with their names")
    void othersAreShown() throws InterruptedException {
        others.heard(new FleetNotice(
                "i-2", "status", Map.of("name", "users-2", "service", "users-service", "sessions", "17")));
        others.ended("e-1", "i-2", "7".repeat(64), "replaced");
        others.forgotten("e-1", "i-3");

        assertTrue(next(moment("\"reason\":\"replaced\"")).json().contains("\"instance\":\"i-2\""));
        next(moment("\"what\":\"forgotten\",\"who\":\"i-3\""));
        next(update ->
                update.json().contains("\"name\":\"users-2\"") && update.json().contains("\"sessions\":17"));
    }

    @Test
    @DisplayName("whoever comes later sees what has happened lately")
    void latecomers() throws InterruptedException {
        others.ended("e-2", "i-2", "8".repeat(64), "signed-off");
        next(moment("e-2"));
        LinkedBlockingQueue<Update> late = new LinkedBlockingQueue<>();

        Cancellable watchingToo = view.updates().subscribe().with(late::add);
        try {
            assertEquals("fleet", late.poll(10, TimeUnit.SECONDS).name());
            assertTrue(moment("e-2").test(late.poll(10, TimeUnit.SECONDS)));
        } finally {
            watchingToo.cancel();
        }
    }
}

package org.acme.users.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookupLimitsTest {

    private static final Caller ALICE = Caller.person("https://issuer.test", "alice");
    private static final Caller BOB = Caller.person("https://issuer.test", "bob");
    private static final Caller PROJECTS = Caller.service("service-account-projects-service");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // and wraps around
    private final AtomicInteger put = new AtomicInteger();
    private final LookupLimits limits = new LookupLimits(config(Map.of()), now::get);

    private static DirectoryConfig config(Map<String, String> more) {
        return new SmallRyeConfigBuilder()
                .withMapping(DirectoryConfig.class)
                .withDefaultValue("directory.url", "http://127.0.0.1:1")
                .withDefaultValue("directory.issuer", "https://issuer.test")
                .withDefaultValues(more)
                .build()
                .getConfigMapping(DirectoryConfig.class);
    }

    /** @return zero, or after how many seconds to try again */
    private long ask(Caller caller, int questions) {
        try {
            limits.within(caller, questions, () -> Uni.createFrom().item(put.addAndGet(questions)))
                    .await()
                    .indefinitely();
            return 0;
        } catch (TooManyLookupsException limit) {
            return limit.retryAfterSeconds();
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    @DisplayName("E8: a person's questions beyond a hundred come back at five a second")
    void aPersonsBudget() {
        assertEquals(0, ask(ALICE, 60));
        assertEquals(0, ask(ALICE, 40));
        assertEquals(1, ask(ALICE, 1));
        assertEquals(20, ask(ALICE, 100));
        pass(Duration.ofSeconds(1));
        assertEquals(0, ask(ALICE, 5));
        assertEquals(1, ask(ALICE, 1));
        pass(Duration.ofMinutes(10));
        assertEquals(0, ask(ALICE, 100));
        assertEquals(1, ask(ALICE, 1));
        assertEquals(205, put.get());
    }

    @Test
    @DisplayName("E8: a refusal costs nothing and puts no question")
    void refusalsAreFree() {
        assertEquals(0, ask(ALICE, 99));
        for (int i = 0; i < 50; i++) {
            assertTrue(ask(ALICE, 100) > 0);
        }
        assertEquals(0, ask(ALICE, 1));
        assertEquals(100, put.get());
    }

    @Test
    @DisplayName("E8: what one has asked is nobody else's trouble, and a service has a larger budget of its own")
    void eachHasTheirOwn() {
        assertEquals(0, ask(ALICE, 100));
        assertEquals(0, ask(BOB, 100));
        assertEquals(0, ask(Caller.person("https://another.test", "alice"), 100));
        for (int i = 0; i < 10; i++) {
            assertEquals(0, ask(PROJECTS, 100));
        }
        assertEquals(2, ask(PROJECTS, 100));
    }

    @Test
    @DisplayName("E8: four requests of a person wait for the provider, the fifth does not")
    void fewWait() {
        List<UniEmitter<? super String>> provider = new ArrayList<>();
        List<UniAssertSubscriber<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(limits.within(ALICE, 1, () -> Uni.createFrom().<String>emitter(provider::add))
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create()));
        }
        assertEquals(1, ask(ALICE, 1));
        assertEquals(0, ask(BOB, 1));
        provider.get(0).complete("found");
        assertEquals("found", waiting.get(0).assertCompleted().getItem());
        assertEquals(0, ask(ALICE, 1));
        provider.get(1).fail(new IllegalStateException("away"));
        waiting.get(1).assertFailedWith(IllegalStateException.class);
        waiting.get(2).cancel();
        assertEquals(0, ask(ALICE, 1));
    }

    @Test
    @DisplayName("E8: a question that cannot even be put waits for nothing, and takes no place of those that do")
    void whatCannotBePut() {
        for (int i = 0; i < 10; i++) {
            limits.within(ALICE, 1, () -> {
                        throw new IllegalStateException("cannot be put");
                    })
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create())
                    .assertFailedWith(IllegalStateException.class);
        }
        assertEquals(0, ask(ALICE, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "directory.per-person.burst, 99",
        "directory.per-service.burst, 0",
        "directory.per-person.per-second, 0",
        "directory.per-service.concurrent-requests, -1",
    })
    @DisplayName("settings that make no sense refuse to start, by name")
    void settingsThatMakeNoSense(String setting, String value) {
        DirectoryConfig config = config(Map.of(setting, value));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new LookupLimits(config, now::get))
                .getMessage()
                .contains(setting));
    }
}

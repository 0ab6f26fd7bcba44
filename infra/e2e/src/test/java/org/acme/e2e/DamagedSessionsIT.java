package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.acme.e2e.observers.RedisProbe;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Either key of a session spoilt by hand, in every way we could think of. */
@ExtendWith(OnTheStack.class)
class DamagedSessionsIT {

    /** Memories look again after 5 s, and at what they know by its revision alone for 10 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private static final String AN_HOUR = "3600";

    private Stack stack;

    @Test
    @DisplayName("O1 a damaged key costs its user a new sign-in and says which session it was; nobody else notices")
    void damageStaysWithItsSession(Stack stack) {
        this.stack = stack;
        Map<String, Consumer<String>> damages = damages();
        List<Visitor> people = Crowd.signIn(stack, damages.size() + 2);
        List<Visitor> others = people.subList(damages.size(), people.size());
        Map<Visitor, String> damaged = new LinkedHashMap<>();
        damages.forEach((what, damage) -> {
            Visitor person = people.get(damaged.size());
            damage.accept(SignedCookie.idOf(person.sso()));
            damaged.put(person, what);
        });

        await("memories to look again").atMost(TIMEOUT).untilAsserted(() -> {
            others.forEach(other -> Everywhere.assertKnown(stack, other));
            damaged.forEach((person, what) -> assertThat(Everywhere.ask(stack, person))
                    .as(what)
                    .allSatisfy((at, status) -> assertThat(status).isEqualTo(401)));
        });

        List<String> log = serviceLogs();
        damaged.forEach((person, what) -> {
            assertThat(log)
                    .as("a line about it: " + what)
                    .anyMatch(line -> line.contains("WARN")
                            && line.contains("damaged")
                            && line.contains(fingerprint(SignedCookie.idOf(person.sso()))));
            String before = person.sso();
            Answer page = person.open("/users/profile");
            assertThat(page.status()).as(what).isEqualTo(200);
            assertThat(person.sso()).as(what).isNotEqualTo(before);
            Everywhere.assertKnown(stack, person);
        });
        others.forEach(other -> Everywhere.assertKnown(stack, other));
        assertThat(stack.redis().keysWithoutEnd()).isEmpty();
    }

    private Map<String, Consumer<String>> damages() {
        Map<String, Consumer<String>> damages = new LinkedHashMap<>();
        damages.put("Express' key: bad JSON", id -> set(RedisProbe.expressKey(id), "{\"cookie\":"));
        damages.put("Express' key: JSON of another kind", id -> set(RedisProbe.expressKey(id), "[]"));
        damages.put(
                "Express' key: another user",
                id -> set(RedisProbe.expressKey(id), RedisProbe.expressJson("http://elsewhere", "mallory", "[]")));
        damages.put("Express' key: a list", id -> replaceBy(RedisProbe.expressKey(id), "RPUSH", "entry"));
        damages.put("our key: text", id -> replaceBy(RedisProbe.recordKey(id), "APPEND", "text"));
        damages.put("our key: a field is missing", id -> tell("HDEL", RedisProbe.recordKey(id), "issuer"));
        damages.put("our key: a time that is none", id -> field(id, "created", "yesterday"));
        damages.put("our key: a version of the future", id -> field(id, "v", "2"));
        damages.put(
                "our key: an encryption key that nobody has",
                id -> field(id, "access", stack.redis().record(id).get("access").replaceFirst("^[^.]*", "unknown")));
        damages.put(
                "our key: a token of another session",
                id -> field(id, "refresh", stack.redis().record(id).get("access")));
        return damages;
    }

    private void set(String key, String value) {
        tell("SET", key, value, "EX", AN_HOUR);
    }

    private void replaceBy(String key, String command, String value) {
        tell("DEL", key);
        tell(command, key, value);
        tell("EXPIRE", key, AN_HOUR);
    }

    private void field(String id, String name, String value) {
        stack.redis().setField(id, name, value);
    }

    private void tell(String... words) {
        stack.redis().tellAbout(words[1], words);
    }

    private List<String> serviceLogs() {
        return stack.instances().stream()
                .map(instance -> stack.logs().resolve(instance.name() + ".log"))
                .flatMap(DamagedSessionsIT::lines)
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fingerprint(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

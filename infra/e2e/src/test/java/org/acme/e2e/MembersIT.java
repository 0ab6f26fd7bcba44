package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.acme.e2e.stack.Infra;
import org.acme.e2e.stack.Infra.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of other stacks keep the contract, together, and the kit that says so notices when one does not. */
@Order(2)
@Tag("long")
@Tag("commands")
class MembersIT {

    private static final Path STACK = Path.of("target", "members-stack").toAbsolutePath();
    private static final Path EXPRESS = STACK.resolve("app/member-express");
    private static final Duration START_LIMIT = Duration.ofMinutes(15);
    private static final Duration PART_LIMIT = Duration.ofMinutes(3);
    private static final Duration CONFORM_LIMIT = Duration.ofMinutes(10);
    private static final Duration MATRIX_LIMIT = Duration.ofMinutes(59);
    private static final List<String> MEMBERS = List.of(
            "examples/users.json",
            "examples/express/member.json",
            "examples/go/member.json",
            "examples/servlet/member.json",
            "examples/php/member.json");
    private static final String GUEST = "examples/express-guest/member.json";

    private static final Infra INFRA = Infra.second(STACK);

    @BeforeAll
    static void start() {
        String port = Integer.toString(Infra.secondPort());
        Outcome up = INFRA.run(
                START_LIMIT, "up", "--detach", "--instances", "1", "--port", port, "--skip-build", "--members");
        assertThat(up.exit()).as("%s", up).isZero();
    }

    @AfterAll
    static void stop() {
        if (Files.exists(STACK)) {
            INFRA.run(PART_LIMIT, "down");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GUEST,
                "examples/users.json",
                "examples/express/member.json",
                "examples/go/member.json",
                "examples/servlet/member.json",
                "examples/php/member.json"
            })
    @DisplayName("L4, L8, L9, L10, R1, S1: the contract holds, asked over HTTP and by a look at Redis")
    void keepsTheContract(String member) {
        Outcome conform = conform(CONFORM_LIMIT, "--member", member);
        assertThat(conform.exit()).as("%s", conform).isZero();
        assertThat(conform.output()).contains("hold").doesNotContain("FAIL");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    @DisplayName("Every ordered choice of who signs in, who knows, who refreshes and who signs off")
    void everyOrderedChoice() throws IOException {
        Path result = Files.createDirectories(Path.of("target", "measured")).resolve("matrix.md");
        List<String> arguments =
                new ArrayList<>(List.of("--matrix", result.toAbsolutePath().toString(), "--member", GUEST));
        MEMBERS.forEach(member -> arguments.addAll(List.of("--member", member)));
        Outcome matrix = conform(MATRIX_LIMIT, arguments.toArray(String[]::new));
        assertThat(matrix.exit()).as("%s", matrix).isZero();
        assertThat(Files.readString(result)).contains(" 0 failed");
    }

    /**
     * A member with one fault.
     *
     * @param file its source that has the fault
     * @param right what stands there
     * @param wrong what stands there instead
     * @param check the check that has to notice
     */
    private record Fault(String file, String right, String wrong, String check) {
        @Override
        public String toString() {
            return check + ": " + right.strip();
        }
    }

    private static Stream<Fault> faults() {
        return Stream.of(
                new Fault(
                        "contract.js",
                        "this.secrets.map((secret) => unsign(value.slice(2), secret)).find(Boolean)",
                        "value.slice(2, value.lastIndexOf('.'))",
                        "cookie-vectors"),
                new Fault(
                        "contract.js",
                        "parse(header)[this.name]",
                        "unescape(parse(header)[this.name])",
                        "cookie-vectors"),
                new Fault("contract.js", "\\0${field}\\x001", "\\x001", "record-vectors"),
                new Fault(
                        "contract.js",
                        "user.issuer === fields.issuer && user.subject === fields.subject &&",
                        "",
                        "record-vectors"),
                new Fault("contract.js", "fields.v === '1' &&", "", "record-vectors"),
                new Fault(
                        "sso.js",
                        "await this.run('read', keysOf(id), IDLE, touch, ...FIELDS, this.attributesField)",
                        "['live', await this.ask('GET', keysOf(id)[0]),"
                                + " await this.ask('HMGET', keysOf(id)[1], ...FIELDS, this.attributesField)]",
                        "tombstone"),
                new Fault("sso.js", "background ? -1 : TOUCH_EVERY", "-1", "idle-limit"),
                new Fault("sso.js", "await this.ask('SET', lock[0], holder, 'NX', 'PX', LOCK)", "true", "refresh-lock"),
                new Fault(
                        "sso.js",
                        "await this.run('write-attributes', keysOf(id), this.attributesField, before, after)",
                        "await this.ask('HSET', keysOf(id)[1], this.attributesField, after).then(() => 1)",
                        "attributes"),
                new Fault("sso.js", "if (silent.length) await sleep", "if (false) await sleep", "sign-off-everywhere"),
                new Fault("sso.js", "if (error instanceof Unavailable) throw error", "", "store-away"),
                new Fault("sso.js", "if (error.message.startsWith('NOSCRIPT'))", "if (false)", "scripts-again"),
                new Fault("sign.js", "endAtProvider(sessions, id, was)]", "]", "sign-off-at-the-provider"),
                new Fault("sso.js", "this.read(id).catch", "Promise.resolve().catch", "second-look"),
                new Fault("sso.js", ".catch((error) => this.#remove(id, error))", "", "damaged-sign-off"),
                new Fault(
                        "sso.js",
                        "attributesIn(values[FIELDS.length])",
                        "JSON.parse(values[FIELDS.length] ?? '{}')",
                        "damaged-attributes"),
                new Fault(
                        "sso.js",
                        "await this.run('mark-ended', ['ended-sid:'",
                        "void (['ended-sid:'",
                        "refresh-refused"),
                new Fault("sso.js", "background ? -1 : TOUCH_EVERY", "TOUCH_EVERY", "background"),
                new Fault(
                        "sign.js",
                        "if (oldId) await sessions.end(oldId, 'replaced', 'user')",
                        "if (oldId) await signOff(sessions, oldId)",
                        "replaced"),
                new Fault(
                        "sso.js", "if (error.error === 'invalid_grant') await", "if (true) await", "provider-failure"),
                // What a callback is checked against is kept for whichever browser comes.
                new Fault(
                        "app.js",
                        "const pendingAttributes = {",
                        "const keep = seal.seal.bind(seal), take = seal.open.bind(seal), kept = {}\n"
                                + "seal.seal = (id, field, text) => (kept[field] = keep(id, field, text))\n"
                                + "seal.open = (id, field, text) =>"
                                + " take(id, field, field === 'pending' ? kept.pending : text)\n"
                                + "const pendingAttributes = {",
                        "callback-in-another-browser"),
                new Fault("app.js", "back: returnPath(req.query.return)", "back: req.query.return", "return-paths"),
                new Fault("sign.js", "if (oldId) await", "if (false) await", "sign-in-anew"),
                new Fault("app.js", "return safe ||", "return true ||", "sign-off-is-guarded"),
                // What Redis is asked, and in which order.
                new Fault(
                        "sign.js",
                        "  await sessions.run('mark-ended', ['ended-sid:' + hash], LONGEST_ACCESS_TOKEN)\n",
                        "",
                        "order-of-sign-off"),
                new Fault(
                        "sso.js",
                        "this.run('lock-release', lock, holder)",
                        "this.ask('DEL', lock[0])",
                        "order-of-refresh"),
                new Fault(
                        "sso.js",
                        "const now = await this.read(session.id) // the winner",
                        "const now = session // the winner",
                        "order-of-refresh"),
                new Fault("sso.js", "holder = randomUUID()", "holder = 'express-01'", "lock-of-another"),
                new Fault(
                        "sign.js",
                        "  if (sid) await sessions.run('index', ['idx:sid:' + sha256(issuer, sid)], id, until)\n",
                        "",
                        "order-of-sign-in"),
                // What a browser carries, and when it comes.
                new Fault("provider.js", "nonce = oidc.randomNonce()", "nonce = 'always-the-same-one'", "drawn-anew"),
                new Fault(
                        "app.js",
                        "returnPath(req.query.return)",
                        "req.query.next ?? returnPath(req.query.return)",
                        "open-redirect"),
                new Fault("sign.js", "['signed-off', 'gone'].includes(was.endReason)", "false", "sign-off-of-one-gone"),
                new Fault(
                        "sign.js",
                        "if (was.outcome === 'ended' || ['signed-off', 'gone'].includes(was.endReason))",
                        "if (true)",
                        "sign-off-of-one-replaced"),
                new Fault("sso.js", "TOUCH_EVERY = 30_000", "TOUCH_EVERY = 0", "touch-is-rare"),
                new Fault(
                        "sso.js",
                        "return ['roles', JSON.stringify([...roles].sort()), 'access'",
                        "return ['access'",
                        "refresh-roles"),
                new Fault(
                        "provider.js",
                        "if (claims && (claims.iss !== issuer || claims.sub !== subject))",
                        "if (false)",
                        "refresh-of-another-user"),
                // The memory: what it confirms, and when it trusts itself.
                new Fault(
                        "memory.js", "        this.forget(data.session, data.providerSession)\n", "", "event-forgets"),
                new Fault("memory.js", "'session news'", "'news'", "event-forgets"),
                new Fault("memory.js", "if (providerSession) for", "if (false) for", "event-forgets-siblings"),
                new Fault(
                        "memory.js",
                        "} catch { console.warn('An event that cannot be read was ignored') }",
                        "} finally {}",
                        "event-is-a-hint"),
                new Fault("memory.js", "equal(data.mac, this.#mac(from, data.event))", "true", "event-at-sign-off"),
                new Fault(
                        "sso.js",
                        "this.memory ? await this.memory.announce({ ...was, id }, reason, actor, holders) : holders",
                        "holders",
                        "event-at-sign-off"),
                new Fault(
                        "memory.js",
                        "this.#publish(event, 'ended.v1', {",
                        "if (reason === 'signed-off') this.#publish(event, 'ended.v1', {",
                        "event-of-other-ends"),
                new Fault("memory.js", "    this.#sessions.clear()\n", "", "lease-gap"),
                new Fault(
                        "memory.js",
                        "if (before >= this.#heardUntil) return",
                        "this.#heardUntil = Infinity",
                        "lease-needs-heartbeats"),
                new Fault(
                        "memory.js",
                        "get #trusted () { return",
                        "get #trusted () { this.run = async () => 0; return true ||",
                        "memory-needs-a-lease"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("The kit notices a member with a fault")
    void aFaultIsNoticed(Fault fault) throws IOException {
        Path source = EXPRESS.resolve(fault.file());
        String good = Files.readString(source);
        assertThat(good).as("what the fault replaces").contains(fault.right());
        try {
            Files.writeString(source, good.replace(fault.right(), fault.wrong()));
            restartExpress();
            Outcome conform =
                    conform(CONFORM_LIMIT, "--member", "examples/express/member.json", "--only", fault.check());
            assertThat(conform.exit()).as("%s", conform).isEqualTo(1);
            assertThat(conform.output()).contains("FAIL " + fault.check());
        } finally {
            Files.writeString(source, good);
            restartExpress();
        }
    }

    private static void restartExpress() {
        Outcome restart = INFRA.run(PART_LIMIT, "part", "restart", "express");
        assertThat(restart.exit()).as("%s", restart).isZero();
    }

    private static Outcome conform(Duration limit, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("http://localhost:" + Infra.secondPort());
        return INFRA.run(limit, "conform", all.toArray(String[]::new));
    }
}

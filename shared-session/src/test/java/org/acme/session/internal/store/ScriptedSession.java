package org.acme.session.internal.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.contract.Keys;
import org.acme.session.contract.Script;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.store.Interleavings.Actor;
import org.acme.session.internal.store.Interleavings.World;
import org.acme.session.testing.RedisConnection;

/**
 * One session, its provider and those who work on it, on a real Redis by the real scripts, one command at a time. The provider
 * rotates refresh tokens and takes the use of a spent one for theft; tokens are its count, so that older and newer can be told.
 */
final class ScriptedSession implements World {

    private static final SessionId ID = new SessionId("a-session-that-all-of-them-know");
    private static final String EXPRESS = Keys.express(ID);
    private static final String RECORD = Keys.record(ID);
    private static final String LOCK = Keys.refreshLock(ID);
    private static final String MARK = Keys.endedProviderSession("0".repeat(64));
    private static final String ATTRIBUTES = "attr:test";
    private static final long IDLE = Duration.ofMinutes(30).toMillis();
    private static final String JSON =
            "{\"cookie\":{},\"passport\":{\"user\":{\"issuer\":\"i\",\"subject\":\"s\"}},\"sso\":{\"until\":1}}";

    /** What of Redis the laws are about, read in one step: state, tokensRev, refresh, attributes, times to live. */
    private static final String LOOK =
            "local h = redis.call('HMGET', KEYS[2], 'state', 'tokensRev', 'access', 'refresh', ARGV[1]) "
                    + "for i = 1, 5 do h[i] = h[i] or '' end "
                    + "for _, key in ipairs(KEYS) do h[#h + 1] = tostring(redis.call('PTTL', key)) end "
                    + "return h";

    private final RedisConnection redis;
    private final Map<Script, String> sha1s;
    private final List<Actor> actors = new ArrayList<>();
    private final List<String> written = new ArrayList<>();

    private String violation;
    private long granted = 1;
    private boolean lockHolds = true;
    private boolean goneForMembers;
    private long highestRev = 1;
    private long highestToken = 1;

    /** @param scripts by which digest Redis knows each */
    ScriptedSession(RedisConnection redis, Map<Script, String> scripts) {
        this.redis = redis;
        this.sha1s = scripts;
        redis.send("DEL", EXPRESS, RECORD, LOCK, MARK);
        String until =
                Long.toString(System.currentTimeMillis() + Duration.ofHours(8).toMillis());
        run(
                Script.CREATE,
                List.of(EXPRESS, RECORD),
                Long.toString(IDLE),
                until,
                JSON,
                "v",
                "1",
                "state",
                "live",
                "issuer",
                "i",
                "subject",
                "s",
                "until",
                until,
                "tokensRev",
                "1",
                "access",
                "1",
                "refresh",
                "1");
    }

    /** Loads the scripts, some of them changed. */
    static Map<Script, String> load(RedisConnection redis, Map<Script, String> changed) {
        Map<Script, String> loaded = new EnumMap<>(Script.class);
        for (Script script : Script.values()) {
            loaded.put(script, redis.text("SCRIPT", "LOAD", changed.getOrDefault(script, script.source())));
        }
        return loaded;
    }

    // --- the actors ------------------------------------------------------------------------------------------------

    /** A request of a member: reads and counts as activity. */
    ScriptedSession request(String name) {
        return actor(name, self -> self.then("reads", () -> memberReads("0").orElse("nothing")));
    }

    /** A member's request that writes an attribute: its name, after those that are there. */
    ScriptedSession attributes(String name) {
        String[] before = {""};
        return actor(name, self -> self.then(
                        "reads attributes", () -> before[0] = orEmpty(redis.text("HGET", RECORD, ATTRIBUTES)))
                .then("writes attributes", () -> {
                    long answer = (Long) run(
                            Script.WRITE_ATTRIBUTES, List.of(EXPRESS, RECORD), ATTRIBUTES, before[0], before[0] + name);
                    if (answer == 1) {
                        written.add(name);
                    }
                    return answer;
                }));
    }

    /** A member that refreshes: lock, read again, ask the provider, write, unlock. */
    ScriptedSession refresh(String name) {
        String[] used = {""};
        long[] got = {0};
        return actor(name, self -> self.then("locks", () -> {
                    Object mine = redis.send("SET", LOCK, name, "NX", "PX", "60000");
                    if (mine == null) {
                        self.stop();
                    }
                    return mine;
                })
                .then("reads again", () -> {
                    Optional<String> rev = memberReads("-1");
                    // Refreshed by somebody else meanwhile: nothing is due any more.
                    if (!rev.equals(Optional.of("1"))) {
                        self.skipTo("unlocks");
                    }
                    used[0] = rev.orElse("");
                    return rev;
                })
                .then("asks the provider", () -> {
                    boolean spent = Long.parseLong(used[0]) != granted;
                    if (spent && lockHolds) {
                        violation = "a refresh token was used twice";
                    }
                    got[0] = spent ? 0 : ++granted;
                    return spent ? "invalid_grant" : "tokens " + got[0];
                })
                .then(
                        "writes tokens, or ends the session",
                        () -> got[0] == 0 ? endUnlessRefreshed(used[0]) : writeTokens(used[0], got[0]))
                .then("unlocks", () -> {
                    String holder = orEmpty(redis.text("GET", LOCK));
                    run(Script.LOCK_RELEASE, List.of(LOCK), name);
                    if (!holder.equals(name)
                            && !orEmpty(redis.text("GET", LOCK)).equals(holder)) {
                        violation = "somebody else's lock was released";
                    }
                    return "";
                }));
    }

    /** The lock runs out, for its holder was stopped. */
    ScriptedSession lockRunsOut() {
        return actor(
                "time",
                self -> self.then("ends the lock", () -> {
                    lockHolds = false;
                    return redis.send("DEL", LOCK);
                }));
    }

    /** Ends the session, notes the provider session's end, and looks again for what a guest put back. */
    ScriptedSession signOff(String name) {
        return actor(name, self -> self.then("ends", () -> {
                    Object answer = run(Script.END, List.of(EXPRESS, RECORD), "signed-off", "user", "", "");
                    goneForMembers = true;
                    return ((List<?>) answer).get(0);
                })
                .then("marks", () -> run(Script.MARK_ENDED, List.of(MARK), "60000"))
                .then("looks again", () -> {
                    Optional<String> found = memberReads("-1");
                    if (redis.number("EXISTS", EXPRESS) == 1) {
                        violation = "a guest's key is there after the second look";
                    }
                    return found;
                }));
    }

    /** A stock Express service: reads, and writes back whole what it has read, for a day; then a touch of another request. */
    ScriptedSession guest(String name) {
        String[] json = {null};
        return actor(name, self -> self.then("GET", () -> {
                    json[0] = redis.text("GET", EXPRESS);
                    if (json[0] == null) {
                        self.stop();
                    }
                    return json[0] == null ? "nothing" : "a session";
                })
                .then("SET", () -> redis.send("SET", EXPRESS, json[0], "EX", "86400"))
                .then("EXPIRE", () -> redis.send("EXPIRE", EXPRESS, "86400")));
    }

    /** A stock Express service that destroys its session. */
    ScriptedSession guestSignOff(String name) {
        return actor(name, self -> self.then("GET", () -> redis.text("GET", EXPRESS) == null ? "nothing" : "a session")
                .then("DEL", () -> redis.send("DEL", EXPRESS)));
    }

    // --- what they do ----------------------------------------------------------------------------------------------

    /** @return tokensRev of a session that lives */
    private Optional<String> memberReads(String touch) {
        List<?> answer = (List<?>) run(Script.READ, List.of(EXPRESS, RECORD), Long.toString(IDLE), touch, "tokensRev");
        boolean lives = answer.get(0).equals("live");
        if (lives && goneForMembers) {
            violation = "what has ended came back";
        }
        if (lives && redis.number("PTTL", EXPRESS) > IDLE) {
            violation = "a guest's longer time to live stays after a look";
        }
        if (!lives) {
            goneForMembers = true;
            if (redis.number("EXISTS", EXPRESS) == 1) {
                violation = "a guest's key is there after a member's look";
            }
        }
        return lives ? Optional.of(((List<?>) answer.get(2)).get(0).toString()) : Optional.empty();
    }

    private Object writeTokens(String usedRev, long tokens) {
        String text = Long.toString(tokens);
        return run(Script.WRITE_TOKENS, List.of(RECORD), usedRev, "access", text, "refresh", text);
    }

    private Object endUnlessRefreshed(String usedRev) {
        boolean newerThere = highestRev > Long.parseLong(usedRev) && !goneForMembers;
        Object outcome = ((List<?>)
                        run(Script.END, List.of(EXPRESS, RECORD), "refresh-refused", "provider", usedRev, ""))
                .get(0);
        if (outcome.equals("ended")) {
            goneForMembers = true;
            if (newerThere) {
                violation = "a refusal of old tokens ended a session that has new ones";
            }
        }
        return outcome;
    }

    private Object run(Script script, List<String> keys, String... arguments) {
        List<String> command = new ArrayList<>(List.of("EVALSHA", sha1s.get(script), Integer.toString(keys.size())));
        command.addAll(keys);
        command.addAll(List.of(arguments));
        return redis.send(command.toArray(String[]::new));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    // --- the laws --------------------------------------------------------------------------------------------------

    @Override
    public Optional<String> broken() {
        if (violation != null) {
            return Optional.of(violation);
        }
        List<String> now = redis.texts("EVAL", LOOK, "4", EXPRESS, RECORD, LOCK, MARK, ATTRIBUTES);
        if (now.subList(5, 9).contains("-1")) {
            return Optional.of("a key has no time to live");
        }
        boolean ended = now.get(0).equals("ended");
        if (ended && !(now.get(2).isEmpty() && now.get(4).isEmpty())) {
            return Optional.of("an ended record holds an access token or attributes");
        }
        if (ended) {
            goneForMembers = true;
            return Optional.empty();
        }
        if (goneForMembers) {
            return Optional.of("what has ended is not marked so");
        }
        if (!written.stream().allMatch(now.get(4)::contains)) {
            return Optional.of("an attribute that was written is lost");
        }
        long rev = Long.parseLong(now.get(1));
        long token = Long.parseLong(now.get(3));
        if (rev < highestRev || token < highestToken) {
            return Optional.of("tokens went back");
        }
        if (token > highestToken && rev == highestRev) {
            return Optional.of("new tokens, and tokensRev does not tell");
        }
        highestRev = rev;
        highestToken = token;
        return Optional.empty();
    }

    @Override
    public Optional<String> brokenAtTheEnd() {
        boolean wasGone = goneForMembers;
        memberReads("-1");
        if (wasGone && redis.number("EXISTS", EXPRESS) == 1) {
            return Optional.of("the next look leaves a guest's key");
        }
        return Optional.ofNullable(violation);
    }

    // --- the steps of an actor -------------------------------------------------------------------------------------

    @Override
    public List<Actor> actors() {
        return actors;
    }

    private ScriptedSession actor(String name, java.util.function.Consumer<Steps> steps) {
        Steps actor = new Steps(name);
        steps.accept(actor);
        actors.add(actor);
        return this;
    }

    private static final class Steps implements Actor {

        private record Step(String does, java.util.function.Supplier<Object> action) {}

        private final String name;
        private final List<Step> steps = new ArrayList<>();
        private int next;

        Steps(String name) {
            this.name = name;
        }

        Steps then(String does, java.util.function.Supplier<Object> action) {
            steps.add(new Step(does, action));
            return this;
        }

        void stop() {
            next = steps.size();
        }

        void skipTo(String does) {
            while (!steps.get(next).does().equals(does)) {
                next++;
            }
        }

        @Override
        public boolean hasNext() {
            return next < steps.size();
        }

        @Override
        public String step() {
            Step step = steps.get(next++);
            return name + " " + step.does() + ": " + step.action().get();
        }
    }
}

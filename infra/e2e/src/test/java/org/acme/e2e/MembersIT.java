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
import org.acme.e2e.stack.PlantedFault;
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

    private static Stream<PlantedFault> faults() {
        return PlantedFault.all().stream().filter(PlantedFault::isFound);
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("The kit notices a member with a fault")
    void aFaultIsNoticed(PlantedFault fault) throws IOException {
        Path source = EXPRESS.resolve(fault.file());
        String good = Files.readString(source);
        assertThat(good).as("what the fault replaces").contains(fault.right());
        List<String> arguments =
                new ArrayList<>(List.of("--member", "examples/express/member.json", "--only", fault.toRun()));
        try {
            Files.writeString(source, good.replace(fault.right(), fault.wrong()));
            if (fault.between()) {
                arguments.add("--between"); // starts the member anew
            } else {
                restartExpress();
            }
            Outcome conform = conform(CONFORM_LIMIT, arguments.toArray(String[]::new));
            assertThat(conform.exit()).as("%s", conform).isEqualTo(1);
            assertThat(conform.output()).containsPattern("FAIL " + fault.check() + ": .*\\n +section \\d");
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

package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.acme.e2e.stack.Infra;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands in README and docs that only look, as a reader copies them. Those for containers read other logs. */
@ExtendWith(OnTheStack.class)
@DisabledIfSystemProperty(named = "e2e.compose", matches = ".*", disabledReason = "they read the logs of processes")
class CommandsIT {

    @Test
    @DisplayName("the commands in the pages run, and say something")
    void commandsRun(Stack stack) {
        Infra.Outcome outcome = stack.infra().run(Duration.ofMinutes(1), "docs-check");
        assertThat(outcome.exit()).as("%s", outcome).isZero();
        assertThat(outcome.errors() + outcome.output())
                .contains("README.md: source", "docs/operations.md: curl", "4 blocks ran");
    }
}

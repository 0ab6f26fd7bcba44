package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.acme.e2e.stack.Bash.Said;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code infra/up} says when a machine lacks something, and what it restarts. */
class StartTest {

    private static final String[] LIB = {"common", "install", "process", "stack", "parts", "renew"};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "find_command() { :; }; missing_packages=(nginx); install_missing_packages => no apt-get",
                "apt-get() { return 100; }; find_command() { echo \"$1\"; }; id() { echo 1000; }; sudo() { return 1; };"
                        + " missing_packages=(nginx); install_missing_packages => sudo does not let you",
                "env() { echo 'E: Unable to locate' >&2; return 100; }; apt-get() { :; }; id() { echo 0; };"
                        + " find_command() { echo \"$1\"; }; missing_packages=(nginx); install_missing_packages"
                        + " => apt-get could not install nginx",
                "free_memory() { echo 1699; }; ensure_memory 1700 => 1699 MB of memory are free",
                "mvn() { kill -9 $BASHPID; }; maven $SSO_STACK_DIR/log x || why_it_failed $? $SSO_STACK_DIR/log"
                        + " => the build was killed (signal 9)",
                "mvn() { echo 'Could not transfer artifact a:b:pom:1'; return 1; };"
                        + " maven $SSO_STACK_DIR/log x || why_it_failed $? $SSO_STACK_DIR/log => a download failed: no network",
                "npm() { echo 'npm error code EAI_AGAIN'; return 1; }; npm >$SSO_STACK_DIR/log ||"
                        + " why_it_failed $? $SSO_STACK_DIR/log => a download failed: no network",
            })
    @DisplayName("infra/up says in one line what a machine lacks, and what to do")
    void lacking(String script, String words) throws Exception {
        Said said = run(script);
        assertThat(said.exit()).as("%s", said).isEqualTo(1);
        assertThat(said.words().lines())
                .as("%s", said)
                .last()
                .asString()
                .startsWith("infra: ")
                .contains(words);
    }

    @Test
    @DisplayName("A build that fails by itself has no other cause than its log")
    void buildError() throws Exception {
        Said said = run("mvn() { echo 'COMPILATION ERROR'; return 1; }; maven $SSO_STACK_DIR/log x ||"
                + " { why_it_failed $? $SSO_STACK_DIR/log; cat $SSO_STACK_DIR/log; }");
        assertThat(said).isEqualTo(new Said(0, "COMPILATION ERROR\n"));
    }

    @Test
    @DisplayName("infra/up says which module is being built")
    void progress() throws Exception {
        Said said = run(
                """
                printf '%s\\n' '[INFO] Building Single sign-on 1.0-SNAPSHOT   [1/7]' '[INFO] Building jar: x.jar' '[INFO] -----' |
                  tell_progress
                """);
        assertThat(said.exit()).isZero();
        assertThat(said.words().strip()).matches("\\[ +\\d+s\\]   1/7 Single sign-on");
    }

    @Test
    @DisplayName("A part that is killed while it starts: signal 9, memory and the log are named")
    void killedAtStart() throws Exception {
        Said said = run(
                """
                mkdir -p $RUN_DIR $LOG_DIR
                ready_part() { return 1; }
                use_port 20000
                launch users-1 sleep 100
                kill -9 $(pid_of users-1)
                await users-1
                """);
        assertThat(said.exit()).as("%s", said).isEqualTo(1);
        assertThat(said.words())
                .contains("users-1 was killed (signal 9)", "memory", "/logs/users-1.log")
                .contains("users-1 has ended instead of getting ready");
    }

    @Test
    @DisplayName("A part that ends by itself, or is asked to, was not killed")
    void endedOtherwise() throws Exception {
        Said said = run(
                """
                mkdir -p $RUN_DIR $LOG_DIR
                launch failing false
                while is_alive failing; do :; done
                ! was_killed failing
                launch asked sleep 100
                terminate asked 10
                ! was_killed asked
                started_parts
                """);
        assertThat(said).isEqualTo(new Said(0, "asked\nfailing\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "true|''",
                "touch $INFRA_DIR/nginx/conf|''",
                "mkdir $STACK_DIR/built/users/target && echo 2 >$STACK_DIR/built/users/target/x|''",
                "echo 2 >$STACK_DIR/built/users/jar|users-1 users-2",
                "mv $STACK_DIR/built/users/jar $STACK_DIR/built/users/other|users-1 users-2",
                "echo 2 >$INFRA_DIR/nginx/conf|nginx",
                "SSO_NGINX_LISTEN=0.0.0.0|nginx users-1 users-2",
                "SSO_NGINX_LISTEN=127.0.0.2|nginx",
                "SERVICES+=(orders); SERVICE_PORTS[orders]=220|nginx users-1 users-2",
                "echo 2 >$INFRA_DIR/lib/parts.sh|kafka nginx users-1 users-2",
                "mkdir $STACK_DIR/env && echo A=b >$STACK_DIR/env/users-2.env|users-2",
                "echo 2 >$INFRA_DIR/nginx/conf; want nginx stopped|''",
                "part_names() { printf '%s\\n' kafka users-1 users-2 nginx orders-1; }|orders-1",
            })
    @DisplayName("infra/up restarts the parts that are made from something else by now, and starts new ones")
    void changed(String change, String parts) throws Exception {
        Said said = run(
                """
                INFRA_DIR=$STACK_DIR/infra REPO_DIR=$STACK_DIR
                use_port 20000
                mkdir -p $RUN_DIR $INFRA_DIR/{lib,parts,nginx,kafka} $STACK_DIR/{built,app}/users
                for file in $INFRA_DIR/{lib/parts.sh,nginx/conf,kafka/conf} $STACK_DIR/{built,app}/users/jar; do
                  echo 1 >$file
                done
                built_app() { echo $STACK_DIR/built/$1; }
                part_names() { printf '%s\\n' kafka users-1 users-2 nginx; }
                for name in $(part_names); do
                  want $name running
                  made_from $name >$RUN_DIR/$name.made
                done
                """
                        + change
                        + "\nchanged_parts | sort | paste -sd ' ' -");
        assertThat(said.words().strip()).isEqualTo(parts);
        assertThat(said.exit()).isZero();
    }

    @Test
    @DisplayName("infra/up stops what no longer belongs to the stack")
    void gone() throws Exception {
        Said said = run(
                """
                mkdir -p $RUN_DIR
                want nginx running
                want notes-1 running
                part_names() { printf '%s\\n' redis nginx; }
                gone_parts
                """);
        assertThat(said).isEqualTo(new Said(0, "notes-1\n"));
    }

    private Said run(String script) throws Exception {
        return new Bash(folder).run(script, LIB);
    }
}

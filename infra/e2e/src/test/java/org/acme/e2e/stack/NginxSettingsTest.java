package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.acme.e2e.stack.Bash.Said;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code infra/up} takes for nginx' settings, from the environment or from {@code env/nginx.env}. */
class NginxSettingsTest {

    private static final String[] LIB = {"common", "install", "process", "stack", "parts", "renew"};

    /** A stack that runs, of which nginx alone has changed. */
    private static final String RUNNING =
            """
            mkdir -p $RUN_DIR $LOG_DIR $CONF_DIR $STACK_DIR/env
            use_port 20000
            INSTANCES=2 ONLY=all
            find_command() { echo accept; }
            accept() { :; }
            changed_parts() { echo nginx; }
            gone_parts() { :; }
            holder_of() { return 1; }
            save_stack() { :; }
            stop_parts() { echo "stops $*"; }
            launch() { echo "starts $1"; }
            await() { :; }
            load_nginx_settings
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SSO_NGINX_TRUSTED_PROXIES=127.0.0.0/8,evil|'evil' is no network",
                "SSO_NGINX_TRUSTED_PROXIES=10.0.0.0/8;|'10.0.0.0/8;' is no network",
                "SSO_NGINX_REQUESTS_A_SECOND=many|SSO_NGINX_REQUESTS_A_SECOND: 'many' is no number",
                "SSO_NGINX_REQUESTS_AT_ONCE=0|SSO_NGINX_REQUESTS_AT_ONCE: '0' is no number",
                "SSO_NGINX_BODIES_AT_ONCE=08|SSO_NGINX_BODIES_AT_ONCE: '08' is no number",
            })
    @DisplayName("infra/up says which setting of nginx it does not take, and stops nothing for it")
    void refused(String setting, String words) throws Exception {
        Said said = run("echo '" + setting + "' >$STACK_DIR/env/nginx.env", "renew_stack");
        assertThat(said.exit()).as("%s", said).isEqualTo(1);
        assertThat(said.words()).contains(words).doesNotContain("stops", "starts");
    }

    @Test
    @DisplayName("What nginx itself does not accept stops nothing either")
    void refusedByNginx() throws Exception {
        Said said = run("accept() { return 1; }", "renew_stack");
        assertThat(said.exit()).as("%s", said).isEqualTo(1);
        assertThat(said.words())
                .contains("nginx does not accept its configuration")
                .doesNotContain("stops", "starts");
    }

    @Test
    @DisplayName("infra/up ends at the first part that cannot be started, and says what to do")
    void failsWhileStarting() throws Exception {
        Said said = run("start_part() { local made; made=$(fail 'no part'); echo went on; }", "renew_stack");
        assertThat(said.exit()).as("%s", said).isEqualTo(1);
        assertThat(said.words())
                .contains("no part", "mend what its log names, then run infra/up")
                .doesNotContain("went on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8,2001:DB8::/32", "10.0.0.0/8, 2001:db8::/32", " 10.0.0.0/8 2001:db8::/32 "})
    @DisplayName("Networks of trusted proxies, as people write them")
    void networks(String networks) throws Exception {
        Said said = run("SSO_NGINX_TRUSTED_PROXIES='" + networks + "'", "renew_stack; cat $CONF_DIR/nginx/nginx.conf");
        assertThat(said.exit()).as("%s", said).isZero();
        assertThat(said.words().toLowerCase(Locale.ROOT))
                .contains("set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 2001:db8::/32;")
                .contains("real_ip_header x-forwarded-for;", "starts nginx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SSO_NGINX_LISTEN=0.0.0.0\n", "SSO_NGINX_LISTEN=0.0.0.0", "# here\n\nSSO_NGINX_LISTEN=0.0.0.0\n"
            })
    @DisplayName("F41: who listens for other machines by env/nginx.env has no demo accounts, no open live view")
    void reachableByFile(String file) throws Exception {
        Said said = run(
                "printf '" + file + "' >$STACK_DIR/env/nginx.env; load_secrets",
                """
                load_nginx_settings
                service_environment users-1
                printf '%s\\n' "${SERVICE_ENVIRONMENT[@]}"
                prepare_realm() { echo "realm for $2"; }
                ln() { :; }
                start_keycloak
                """);
        assertThat(said.exit()).as("%s", said).isZero();
        assertThat(said.words())
                .contains("SSO_INSTANCE_NAME=users-1", "realm for 0.0.0.0")
                .doesNotContain("USERS_LIVE_ACCESS", "USERS_HOME_TOUR");
    }

    private Said run(String before, String script) throws Exception {
        return new Bash(folder).run(RUNNING + before + "\nload_nginx_settings\n" + script, LIB);
    }
}

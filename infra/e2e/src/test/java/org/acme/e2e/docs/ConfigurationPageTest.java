package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

    @Test
    @DisplayName("docs/configuration.md says what the code reads")
    void thePageIsUpToDate() {
        new GeneratedPage("configuration.md").mustBe(ConfigurationPage.content());
    }

    @Test
    void settingsOfEachModuleAreFound() {
        assertThat(ConfigurationPage.content())
                .contains("| `sso.session.idle-timeout` | `SSO_SESSION_IDLE_TIMEOUT` | time | `30m` |")
                .contains(
                        "| `sso.providers.<name>.client-secret` | `SSO_PROVIDERS_<NAME>_CLIENT_SECRET` | text | **needed** |")
                .contains("`sso.events.topic`")
                .contains("`projects.live.per-session`");
    }
}

package org.acme.nativeguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentTest {

    @ParameterizedTest(name = "{0} is an instance of {1}")
    @CsvSource({
        "/sso/.stack/app/users/quarkus-run.jar, users",
        "/sso/users-service/target/quarkus-app/quarkus-run.jar, users"
    })
    void service(Path application, String service) {
        assertThat(Agent.service(application)).isEqualTo(service);
    }
}

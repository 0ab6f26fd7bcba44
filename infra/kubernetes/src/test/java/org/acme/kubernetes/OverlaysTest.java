package org.acme.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OverlaysTest {

    static final List<String> NAMES = Overlays.NAMES;

    @ParameterizedTest
    @FieldSource("NAMES")
    @DisplayName("Nothing is wrong with what an overlay would give to a cluster")
    void overlay(String name) {
        Manifests manifests = Overlays.render(name);
        assertThat(manifests.objects()).hasSizeGreaterThan(30);
        assertThat(Checks.faults(manifests)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    @DisplayName("Nor with native executables, which get less memory")
    void nativeImages(String name) {
        Manifests manifests = Overlays.render(name, List.of("native"));
        assertThat(Checks.faults(manifests)).isEmpty();
        assertThat(manifests.ofKind("Deployment").filter(Fleet::isService))
                .hasSize(Fleet.SERVICES.size())
                .allSatisfy(service -> assertThat(Manifests.pod(service)
                                .at("/containers/0/resources/limits/memory")
                                .asText())
                        .isEqualTo("256Mi"));
    }

    @Test
    @DisplayName("Demo accounts, demo clients and their secrets are in overlay try alone")
    void demoStaysInTry() {
        assertThat(Overlays.render("production").objects().toString())
                .doesNotContain("alice", "e2e-cli", "E2E_CLI", "\"clientId\":\"session-reader\"", "localhost");
    }
}

package org.acme.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** infra/new-service and infra/rename, in a clone, as far as manifests go; CloneIT of the end-to-end tests runs all tests in such a clone. */
class CommandsTest {

    @TempDir
    Path folder;

    private Path clone;

    @BeforeEach
    void cloneOfWhatIsHere() throws IOException, InterruptedException {
        clone = Files.createDirectories(folder.resolve("clone"));
        String files =
                Shell.run(Shell.REPOSITORY, Map.of(), "git", "ls-files", "--cached", "--others", "--exclude-standard");
        for (String file : files.lines().toList()) {
            // Deleted and not yet committed, it is still listed.
            if (Files.exists(Shell.REPOSITORY.resolve(file))) {
                Path copy = clone.resolve(file);
                Files.createDirectories(copy.getParent());
                Files.copy(Shell.REPOSITORY.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        // Formatting Java is not what is asked here.
        Path maven =
                Files.writeString(Files.createDirectories(folder.resolve("bin")).resolve("mvn"), "#!/bin/sh\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        in("git", "init", "-q");
        in("git", "add", "-A");
        in("git", "-c", "user.name=cloner", "-c", "user.email=cloner@example.com", "commit", "-q", "-m", "as cloned");
    }

    @Test
    @DisplayName("infra/new-service: the service is in both overlays, with all that services have")
    void newService() throws IOException, InterruptedException {
        in("infra/new-service", "notes");

        assertThat(in("git", "status", "--short", "infra/kubernetes"))
                .contains("base/services/notes.yaml", "production/kustomization.yaml");
        in("infra/kubernetes/try", "--secrets");
        for (String overlay : Overlays.NAMES) {
            Manifests manifests = Manifests.of(Kubectl.render(clone.resolve("infra/kubernetes/overlays/" + overlay)));
            for (String kind : new String[] {
                "Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget", "ServiceAccount"
            }) {
                assertThat(manifests.find(kind, "notes-service")).as(kind).isPresent();
            }
            assertThat(manifests.find("ServiceMonitor", "notes-service").isPresent())
                    .isEqualTo(overlay.equals("production"));
            assertThat(manifests.objects().toString())
                    .contains("\"LAYOUT_SERVICES\":\"users,projects,notes\"", "\"REDIS_NOTES_SERVICE_PASSWORD\"")
                    .doesNotContain("\"sso-notes-service\"");
        }
    }

    @Test
    @DisplayName("infra/rename: the realm that a cluster imports has the new name, and nothing is stale afterwards")
    void rename() throws IOException, InterruptedException {
        in("infra/rename", "com.example", "com.example.portal", "Example Portal");

        Path kubernetes = clone.resolve("infra/kubernetes");
        assertThat(kubernetes.resolve("overlays/production/realm.yaml"))
                .content()
                .contains("\"Example Portal\"")
                .doesNotContain("Acme");
        assertThat(kubernetes.resolve("src/test/java/com/example/portal/kubernetes/CommandsTest.java"))
                .exists();
        assertThat(in("git", "diff", "--name-only")).isEmpty();
        in("infra/kubernetes/render");
        assertThat(in("git", "diff", "--name-only")).isEmpty();
    }

    private String in(String... line) throws IOException, InterruptedException {
        line[0] = line[0].contains("/") ? clone.resolve(line[0]).toString() : line[0];
        return Shell.run(
                clone,
                Map.of(
                        "PATH",
                        folder.resolve("bin") + ":" + System.getenv("PATH"),
                        "SSO_STACK_DIR",
                        folder.resolve("stack").toString()),
                line);
    }
}

package org.acme.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Renders overlays from a copy of the manifests: "try" has secrets there that no clone has. */
final class Overlays {

    static final List<String> NAMES = List.of("try", "production");

    private Overlays() {}

    static Manifests render(String overlay) {
        return render(overlay, List.of());
    }

    /** @param components that are added, below {@code components} */
    static Manifests render(String overlay, List<String> components) {
        return render(overlay, components, null);
    }

    /** @param stack whose secrets "try" gets, or null: new ones */
    static Manifests render(String overlay, List<String> components, Path stack) {
        try {
            Path copy = Files.createTempDirectory(Shell.HERE.resolve("target"), "overlays");
            try {
                copy(Shell.HERE, copy);
                Shell.run(
                        copy,
                        Map.of("SSO_STACK_DIR", (stack == null ? copy.resolve("stack") : stack).toString()),
                        Shell.HERE.resolve("try").toString(),
                        "--secrets",
                        copy.resolve("overlays/try/secrets.env").toString());
                Path kustomization = copy.resolve("overlays").resolve(overlay).resolve("kustomization.yaml");
                for (String component : components) {
                    Files.writeString(
                            kustomization,
                            Files.readString(kustomization)
                                    .replaceFirst(
                                            "\ncomponents:\n",
                                            "\ncomponents:\n  - ../../components/" + component + "\n"));
                }
                return Manifests.of(Kubectl.render(kustomization.getParent()));
            } finally {
                delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (String folder : List.of("base", "components", "overlays")) {
            try (Stream<Path> files = Files.walk(from.resolve(folder))) {
                for (Path file : files.toList()) {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else if (!file.endsWith("secrets.env")) {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

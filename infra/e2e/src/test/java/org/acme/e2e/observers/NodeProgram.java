package org.acme.e2e.observers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program for node, beside this module's sources, that is installed once per lock file and outside of them.
 *
 * @param folder of its sources, in this module
 * @param main its file
 */
record NodeProgram(String folder, String main) {

    private static final String LOCK = "package-lock.json";
    /** It ends with whoever started it, however that ends: a killed test leaves no server behind that holds its port. */
    private static final String ENDS_WITH_ITS_INPUT =
            "data:text/javascript,process.stdin.on('end',()=>process.exit()).resume()";

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);

    /** @return how it is started; its working directory is where it has been installed */
    ProcessBuilder installed() throws IOException {
        Path target = Files.createDirectories(target());
        // npm writes this one when it has installed everything.
        boolean current = Files.exists(target.resolve("node_modules/.package-lock.json"))
                && Files.exists(target.resolve(LOCK))
                && Files.mismatch(target.resolve(LOCK), Path.of(folder, LOCK)) == -1;
        for (String file : List.of("package.json", LOCK, main)) {
            Files.copy(Path.of(folder, file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!current) {
            install(target);
        }
        return new ProcessBuilder("node", "--import", ENDS_WITH_ITS_INPUT, main).directory(target.toFile());
    }

    Path target() {
        return Path.of("target", folder);
    }

    private static void install(Path target) throws IOException {
        Path output = target.resolve("npm-ci.txt");
        Process npm = new ProcessBuilder("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(target.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!ended(npm) || npm.exitValue() != 0) {
            npm.destroy();
            throw new IOException("npm ci failed:\n" + Files.readString(output));
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

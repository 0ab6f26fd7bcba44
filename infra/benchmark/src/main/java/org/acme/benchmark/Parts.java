package org.acme.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** infra/part, and waiting for what it leads to. */
final class Parts {

    private static final int PATIENCE_SECONDS = 90;

    private final String part;

    Parts(Map<String, String> env) {
        part = env.get("INFRA_DIR") + "/part";
    }

    /** @param words such as {@code kill users-2}; a start waits until the part is ready */
    void tell(String words) {
        List<String> command = new ArrayList<>(List.of(part));
        command.addAll(List.of(words.split(" ")));
        run(new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    /** The folder of a part's data. */
    Path data(String name) {
        try {
            Process process = new ProcessBuilder(part, "data", name).start();
            return Path.of(new String(process.getInputStream().readAllBytes()).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copy(Path from, Path to) {
        run(new ProcessBuilder("rm", "-rf", to.toString()));
        run(new ProcessBuilder("cp", "-a", from.toString(), to.toString()));
    }

    static void await(String what, BooleanSupplier there) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited in vain for " + what);
            }
            pause(50);
        }
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(ProcessBuilder command) {
        try {
            if (command.redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command.command()) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

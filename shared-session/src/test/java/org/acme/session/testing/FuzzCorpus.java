package org.acme.session.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a fuzz target is asked first, and in every build: one input a line of {@code fuzz/<target>.txt}, with Java's escapes.
 * What a longer run finds ({@code infra/fuzz}) is added there.
 */
public final class FuzzCorpus {

    private FuzzCorpus() {}

    public static List<byte[]> of(Class<?> target) {
        String resource = "/fuzz/" + target.getSimpleName() + ".txt";
        try (InputStream file = target.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException(resource + " is not there");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.translateEscapes().getBytes(StandardCharsets.UTF_8))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes each input into a file of its own, as Jazzer wants them. @param args name of the target's class, directory */
    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        Path directory = Files.createDirectories(Path.of(args[1]));
        int number = 0;
        for (byte[] input : of(Class.forName(args[0]))) {
            Files.write(directory.resolve("seed-" + number++), input);
        }
    }
}

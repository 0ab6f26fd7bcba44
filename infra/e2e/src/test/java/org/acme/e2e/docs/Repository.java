package org.acme.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of this repository, as the tests of its documents see them. */
final class Repository {

    /** Maven runs tests in infra/e2e. */
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    private Repository() {}

    static List<Path> markdown() {
        return files(path -> path.toString().endsWith(".md"));
    }

    /** Regular files in an order that is the same everywhere; none that was built, downloaded or started. */
    static List<Path> files(Predicate<Path> wanted) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(path -> ours(ROOT.relativize(path)))
                    .filter(wanted)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ours(Path path) {
        for (Path part : path) {
            if (NOT_OURS.contains(part.toString()) || part.toString().startsWith(".stack")) {
                return false;
            }
        }
        return true;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a link from a page in {@code docs}. */
    static String linkFromDocs(Path file) {
        return "../" + ROOT.relativize(file).toString().replace('\\', '/');
    }
}

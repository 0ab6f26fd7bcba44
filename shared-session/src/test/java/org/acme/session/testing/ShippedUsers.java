package org.acme.session.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.acme.session.contract.Digests;

/** The Redis users of {@code infra/redis/users.acl}, as {@code infra/up} makes a file for Redis of it; one password for all. */
final class ShippedUsers {

    static final String PASSWORD = "only-for-tests";

    private ShippedUsers() {}

    /** The line of docs/scaling.md that begins with {@code user} and that name. */
    static String documented(String user) {
        try (Stream<String> lines = Files.lines(Path.of("../docs/scaling.md"))) {
            return lines.filter(line -> line.startsWith("user " + user + " "))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll("#<SHA-256[^>]*>", "#" + Digests.sha256(PASSWORD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the ACL file, in the absolute form that Redis wants; a server that has it also has {@code more} users */
    static String file(String... more) {
        try {
            String users = Files.readString(Path.of("../infra/redis/users.acl"))
                    .replaceAll("(?m)^(#.*)?\n", "")
                    .replaceAll(" *\\\\\n *", " ")
                    .replaceAll("@[A-Z_]+_HASH@", Digests.sha256(PASSWORD));
            Path file = Files.createTempFile("redis-test", ".acl");
            return Files.writeString(file, users + String.join("\n", more) + "\n")
                    .toAbsolutePath()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

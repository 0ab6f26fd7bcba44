package org.acme.session.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.acme.session.contract.Digests;

/** The Redis users of {@code infra/redis}, as {@code infra/up} makes files for Redis of them; one password for all. */
final class ShippedUsers {

    static final String PASSWORD = "only-for-tests";

    private ShippedUsers() {}

    /** The lines of a template in {@code infra/redis}, filled in. */
    static List<String> of(String template) {
        try {
            return Files.readString(Path.of("../infra/redis/" + template))
                    .replaceAll("(?m)^(#.*)?\n", "")
                    .replaceAll(" *\\\\\n *", " ")
                    .replaceAll("@([A-Z_]+_)?HASH@", Digests.sha256(PASSWORD))
                    .replace("@SERVICE@", "users")
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the ACL file of these templates, in the absolute form that Redis wants */
    static String file(String... templates) {
        try {
            List<String> users =
                    Stream.of(templates).flatMap(each -> of(each).stream()).toList();
            Path file = Files.createTempFile("redis-test", ".acl");
            return Files.write(file, users).toAbsolutePath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

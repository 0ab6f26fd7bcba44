package org.acme.session.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.acme.session.contract.Digests;

/** The Redis users of {@code infra/redis/users.acl}, as {@code infra/up} makes a file for Redis of it; one password for all. */
final class ShippedUsers {

    static final String PASSWORD = "only-for-tests";

    private ShippedUsers() {}

    /** @return the ACL file, in the absolute form that Redis wants */
    static String file() {
        try {
            String users = Files.readString(Path.of("../infra/redis/users.acl"))
                    .replaceAll("(?m)^(#.*)?\n", "")
                    .replaceAll(" *\\\\\n *", " ")
                    .replaceAll("@[A-Z_]+_HASH@", Digests.sha256(PASSWORD));
            Path file = Files.createTempFile("redis-test", ".acl");
            return Files.writeString(file, users).toAbsolutePath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

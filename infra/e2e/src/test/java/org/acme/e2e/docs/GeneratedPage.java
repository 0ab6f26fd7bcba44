package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of {@code docs} that is made from the sources, and kept in the repository so that it can be read there. */
record GeneratedPage(String name) {

    private static final String RENEW = "mvn -B -ntp -q test -Dtest='*PageTest' -Ddocs.renew in infra/e2e";

    Path file() {
        return Repository.ROOT.resolve("docs").resolve(name);
    }

    /** With {@code -Ddocs.renew} writes it; otherwise compares, and says how to renew it. */
    void mustBe(String content) {
        if (System.getProperty("docs.renew") != null) {
            try {
                Files.writeString(file(), content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(Files.exists(file()) ? Repository.read(file()) : "")
                .as("docs/%s is stale. Renew it: %s", name, RENEW)
                .isEqualTo(content);
    }
}

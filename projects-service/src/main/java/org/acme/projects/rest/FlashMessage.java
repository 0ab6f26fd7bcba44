package org.acme.projects.rest;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a page says after the redirect that ends a change. The URL carries the code: a word of this list, so nothing
 * private, and nothing that anybody could make the page say.
 */
enum FlashMessage {
    CREATED("The project is created."),
    SAVED("The project is saved."),
    ARCHIVED("The project is archived."),
    RESTORED("The project is restored."),
    SHARED("The project is shared."),
    UNSHARED("The project is no longer shared with that person.");

    private final String message;

    FlashMessage(String message) {
        this.message = message;
    }

    /** The path of a page that says it. */
    String at(String path) {
        return path + "?done=" + code();
    }

    /** What to say; nothing without a code or with an unknown one. */
    static String message(Optional<String> code) {
        return code.flatMap(text -> Stream.of(values())
                        .filter(done -> done.code().equals(text))
                        .findFirst())
                .map(done -> done.message)
                .orElse("");
    }

    private String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

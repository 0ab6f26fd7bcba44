package org.acme.users.rest;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a page says after the redirect that ends a change. The URL carries a word of this list, never a text. */
enum FlashMessage {
    ENDED("That device is signed out."),
    OTHERS_ENDED("All other devices are signed out."),
    ALL_ENDED("This user is signed out everywhere."),
    GONE("That session is over already.");

    private final String message;

    FlashMessage(String message) {
        this.message = message;
    }

    static FlashMessage ended(boolean found) {
        return found ? ENDED : GONE;
    }

    /** The path of a page that says it. */
    String at(String path) {
        return path + "?done=" + code();
    }

    /** What to say; nothing without a word or with an unknown one. */
    static String message(Optional<String> word) {
        return word.flatMap(text -> Stream.of(values())
                        .filter(done -> done.code().equals(text))
                        .findFirst())
                .map(done -> done.message)
                .orElse("");
    }

    private String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

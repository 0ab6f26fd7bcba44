package org.acme.projects.service;

import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What is asked of Redis in one step each. Files, so that they can be read and tried as what they are. */
enum Script {
    CREATE,
    FIND,
    EDIT("change"),
    ARCHIVE("change"),
    ADD_MEMBER("change"),
    REMOVE_MEMBER("change"),
    VISIT,
    NAMED;

    private final String text;

    Script() {
        this.text = load(fileName());
    }

    Script(String before) {
        this.text = load(before) + load(fileName());
    }

    Request run(List<String> keys, List<String> arguments) {
        Request request = Request.cmd(Command.EVAL).arg(text).arg(keys.size());
        keys.forEach(request::arg);
        arguments.forEach(request::arg);
        return request;
    }

    private String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String load(String name) {
        String resource = "/org/acme/projects/scripts/" + name + ".lua";
        try (InputStream file = Script.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("The jar misses " + resource);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

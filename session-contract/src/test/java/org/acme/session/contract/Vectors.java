package org.acme.session.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What other implementations of the contract made; see {@code docs/vectors}. */
final class Vectors {

    private static final Pattern RUN = Pattern.compile("<(\\d+)x(.)>");

    private Vectors() {}

    static JsonNode file(String name) {
        try (InputStream json = Vectors.class.getResourceAsStream("/vectors/" + name + ".json")) {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> list(String file, String name) {
        return StreamSupport.stream(file(file).path(name).spliterator(), false);
    }

    /** A text; the files hold long runs of one character by their count. */
    static String text(JsonNode vector, String name) {
        return RUN.matcher(vector.path(name).textValue())
                .replaceAll(run -> run.group(2).repeat(Integer.parseInt(run.group(1))));
    }

    static List<String> texts(JsonNode vector, String name) {
        return StreamSupport.stream(vector.path(name).spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}

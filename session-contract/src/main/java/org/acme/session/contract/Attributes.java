package org.acme.session.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The attributes that one service keeps in a session: a field of the record, a JSON object of texts. Change them with
 * {@link ScriptCall#writeAttributes}, and read and change them again when it replies 0.
 */
public final class Attributes {

    /** How much the attributes of one service may take, in bytes of UTF-8. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

    private Attributes() {}

    /** The field of the record that holds them. @param service name of the service */
    public static String field(String service) {
        return SessionRecord.ATTRIBUTES + service;
    }

    /**
     * The attributes in a field, to be changed at will.
     *
     * @param json empty when there is no such field
     * @return none when the field cannot be read: nobody but its service writes it, and the service starts anew
     */
    public static Map<String, String> read(String json) {
        try {
            Map<String, String> attributes = json.isEmpty() ? null : JSON.readValue(json, TEXTS);
            return attributes == null || attributes.containsValue(null) ? new TreeMap<>() : attributes;
        } catch (JsonProcessingException e) {
            return new TreeMap<>();
        }
    }

    /**
     * The field with these attributes; empty when there are none.
     *
     * @throws IllegalArgumentException when it would take more than {@link #MAX_BYTES}
     */
    public static String write(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return "";
        }
        try {
            String json = JSON.writeValueAsString(attributes);
            if (json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "The attributes of one service in a session take at most " + MAX_BYTES + " bytes");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts are always JSON", e);
        }
    }
}

package org.acme.session.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link Script#READ} replies of a session that lives.
 *
 * @param express the JSON of Express' key
 * @param fields the fields that were asked for and that the record has, by name
 */
public record StoredSession(String express, Map<String, String> fields) {

    public StoredSession {
        Objects.requireNonNull(express);
        fields = Map.copyOf(fields);
    }

    /**
     * Reads the reply of {@link ScriptCall#read}.
     *
     * @param reply as a client hands it out: {@code {"live", JSON, {value or null, ...}}}, {@code {"ended"}} or
     *     {@code {"none"}}; texts may be of any type whose {@code toString} is the text
     * @param names the fields that were asked for, in that order
     * @return empty when no session lives
     */
    public static Optional<StoredSession> of(List<?> reply, List<String> names) {
        if (!reply.get(0).toString().equals(SessionRecord.LIVE)) {
            return Optional.empty();
        }
        List<?> values = (List<?>) reply.get(2);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (values.get(i) != null) {
                fields.put(names.get(i), values.get(i).toString());
            }
        }
        return Optional.of(new StoredSession(reply.get(1).toString(), fields));
    }

    /**
     * The session, when {@link SessionRecord#FIELDS} were asked for.
     *
     * @throws DamagedRecordException when a field is missing or unreadable, or the two keys name different users
     */
    public SessionRecord session(SessionId id, TokenSeal seal) {
        return SessionRecord.read(id, express, fields, seal);
    }

    /** Names what was read, and nothing of what it says. */
    @Override
    public String toString() {
        return "fields " + fields.keySet();
    }
}

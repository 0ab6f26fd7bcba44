package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.Tokens;

/** Our record: what was written is read, unknown fields are ignored, and any other content is read or counts as damaged. */
public final class RecordFuzz {

    private static final SessionId ID = new SessionId("a-session-id-of-the-fuzzer");
    private static final TokenSeal SEAL = TokenSeal.of(List.of("test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY="));

    private RecordFuzz() {}

    private static Set<String> roles(String text) {
        return new HashSet<>(List.of(text, "user"));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Instant time = Instant.ofEpochMilli(input.length * 1000L);
        Identity identity =
                new Identity("p", text, "s" + text, Optional.of(text), text, roles(text), Map.of(text, text));
        SessionRecord session = SessionRecord.begin(
                ID, identity, time, time.plusMillis(1), text, new Tokens(text, time, Optional.of(text)));
        Map<String, String> fields = session.write(SEAL);
        String express = ExpressRecord.write(identity, time, false);
        assertEquals(session, SessionRecord.read(ID, express, fields, SEAL));

        Map<String, String> newer = new HashMap<>(fields);
        newer.put("of-a-later-version", text);
        assertEquals(session, SessionRecord.read(ID, express, newer, SEAL), "an unknown field makes a difference");

        for (String field : new ArrayList<>(fields.keySet())) {
            Map<String, String> changed = new HashMap<>(fields);
            changed.put(field, text);
            try {
                SessionRecord.read(ID, express, changed, SEAL);
            } catch (DamagedRecordException damaged) {
                // Said in the one way that callers understand.
            }
        }
    }
}

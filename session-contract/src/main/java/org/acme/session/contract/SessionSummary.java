package org.acme.session.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a list of sessions says about one: no tokens, so nothing has to be opened for it.
 *
 * @param id the session
 * @param providerSessionHash names the provider's session; empty when it named none
 * @param name what the user was called when they signed in; empty if unknown
 * @param createdAt when the user signed in
 * @param seenAt when it was last used, as far as that was written
 * @param device what the browser called itself; empty if it did not say
 * @param address network that the user signed in from; empty if unknown
 */
public record SessionSummary(
        SessionId id,
        Optional<String> providerSessionHash,
        String name,
        Instant createdAt,
        Instant seenAt,
        String device,
        String address) {

    /** The fields of the record that it is read from. */
    public static final List<String> FIELDS = List.of(
            SessionRecord.ISSUER,
            SessionRecord.SID,
            SessionRecord.NAME,
            SessionRecord.CREATED,
            SessionRecord.SEEN,
            SessionRecord.DEVICE,
            SessionRecord.ADDRESS);

    public SessionSummary {
        Objects.requireNonNull(id);
        Objects.requireNonNull(providerSessionHash);
        Objects.requireNonNull(name);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(seenAt);
        Objects.requireNonNull(device);
        Objects.requireNonNull(address);
    }

    /** @throws DamagedRecordException when a field is missing or unreadable */
    public static SessionSummary read(SessionId id, Map<String, String> fields) {
        Instant created = SessionRecord.instant(fields, SessionRecord.CREATED);
        return new SessionSummary(
                id,
                Optional.ofNullable(fields.get(SessionRecord.SID))
                        .map(sid -> Digests.sha256(SessionRecord.required(fields, SessionRecord.ISSUER), sid)),
                fields.getOrDefault(SessionRecord.NAME, ""),
                created,
                seen(fields).orElse(created),
                fields.getOrDefault(SessionRecord.DEVICE, ""),
                fields.getOrDefault(SessionRecord.ADDRESS, ""));
    }

    /** Reading a session does not need it. So without it a session can be used, and then it has to be in the list, too. */
    private static Optional<Instant> seen(Map<String, String> fields) {
        try {
            return Optional.of(SessionRecord.instant(fields, SessionRecord.SEEN));
        } catch (DamagedRecordException unreadable) {
            return Optional.empty();
        }
    }
}

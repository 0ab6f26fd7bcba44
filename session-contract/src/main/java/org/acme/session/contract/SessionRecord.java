package org.acme.session.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Our key {@code {sess:<id>}:sso}, a hash: every field is a named constant here. Fields that this version does not know
 * are left alone by every script, so that older and newer members share one session during a rolling upgrade.
 *
 * @param id the session
 * @param identity who it belongs to
 * @param createdAt when the user signed in
 * @param until absolute end
 * @param device what the browser called itself, shortened; empty if it did not say
 * @param address network that the user signed in from, never the whole address; empty if unknown
 * @param tokens its tokens
 * @param tokensRev grows by one with every refresh; a write of tokens names the one it replaces
 * @param authenticatedAt when the user last proved who they are to the provider; earlier than {@code createdAt} when the
 *     provider knew them already; empty when nobody said, which is never recent
 * @param acr how they proved it, in the provider's own words (OIDC Core 1.0, section 2); empty when it did not say
 */
public record SessionRecord(
        SessionId id,
        Identity identity,
        Instant createdAt,
        Instant until,
        String device,
        String address,
        Tokens tokens,
        long tokensRev,
        Optional<Instant> authenticatedAt,
        Optional<String> acr) {

    /** Schema version, {@value #CURRENT_VERSION} here. A reader refuses other major versions. */
    public static final String VERSION = "v";
    /** {@value #LIVE} or {@value #ENDED}. */
    public static final String STATE = "state";
    /** Provider name. */
    public static final String PROVIDER = "provider";
    /** Issuer identifier. */
    public static final String ISSUER = "issuer";
    /** Subject at the issuer. */
    public static final String SUBJECT = "subject";
    /** The provider's session id; absent when it named none. */
    public static final String SID = "sid";
    /** Display name. */
    public static final String NAME = "name";
    /** Roles, a JSON array of texts. */
    public static final String ROLES = "roles";
    /** Further claims, a JSON object of texts. */
    public static final String PROFILE = "profile";
    /** Sign-in time, milliseconds since 1970. */
    public static final String CREATED = "created";
    /**
     * When the user last proved who they are to the provider, milliseconds since 1970. Absent when the provider did not
     * say, and in records of members that do not ask: then it is unknown.
     */
    public static final String AUTHENTICATED = "authenticated";
    /**
     * How the user proved it: the ID token's {@code acr}. Absent when the provider did not say, and in records of older
     * members.
     */
    public static final String ACR = "acr";
    /** Absolute end, milliseconds since 1970. */
    public static final String UNTIL = "until";
    /** Last touch, milliseconds since 1970. */
    public static final String SEEN = "seen";
    /** The browser, as it called itself. */
    public static final String DEVICE = "device";
    /** The network that the user signed in from, such as {@code 192.0.2.0/24}; absent when unknown. */
    public static final String ADDRESS = "address";
    /** Sealed access token; empty text for a session without tokens. */
    public static final String ACCESS = "access";
    /** Sealed refresh token; absent when the provider gave none. */
    public static final String REFRESH = "refresh";
    /** When the access token expires, milliseconds since 1970. */
    public static final String ACCESS_EXPIRES = "accessExpires";
    /** Revision of the tokens. */
    public static final String TOKENS_REV = "tokensRev";
    /** Prefix of a service's attributes, a JSON object of texts. */
    public static final String ATTRIBUTES = "attr:";

    /** Why an ended session ended: {@value #GONE}, or the reason of its event. */
    public static final String END_REASON = "endReason";

    /** It idled out, or a guest ended it; whoever looked next has marked it. */
    public static final String GONE = "gone";

    /** Its user signed off. */
    public static final String SIGNED_OFF = "signed-off";

    /** The fields that {@link #read} reads. Attributes are not among them: they are read when somebody wants them. */
    public static final List<String> FIELDS = List.of(
            VERSION,
            PROVIDER,
            ISSUER,
            SUBJECT,
            SID,
            NAME,
            ROLES,
            PROFILE,
            CREATED,
            UNTIL,
            DEVICE,
            ADDRESS,
            ACCESS,
            REFRESH,
            ACCESS_EXPIRES,
            TOKENS_REV,
            AUTHENTICATED,
            ACR);

    public static final String LIVE = "live";
    public static final String ENDED = "ended";
    public static final String CURRENT_VERSION = "1";

    private static final int LONGEST_DEVICE = 200;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Set<String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> NAMED_TEXTS = new TypeReference<>() {};

    public SessionRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(identity);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(until);
        Objects.requireNonNull(address);
        Objects.requireNonNull(tokens);
        Objects.requireNonNull(authenticatedAt);
        Objects.requireNonNull(acr);
        device = device.length() > LONGEST_DEVICE ? device.substring(0, LONGEST_DEVICE) : device;
    }

    /** Of a user of whom nobody said when and how they proved who they are. */
    public SessionRecord(
            SessionId id,
            Identity identity,
            Instant createdAt,
            Instant until,
            String device,
            String address,
            Tokens tokens,
            long tokensRev) {
        this(id, identity, createdAt, until, device, address, tokens, tokensRev, Optional.empty(), Optional.empty());
    }

    /** A session that begins now. */
    public static SessionRecord begin(
            SessionId id, Identity identity, Instant now, Instant until, String device, Tokens tokens) {
        return begin(id, identity, now, until, device, "", tokens);
    }

    /** The same with the network that the user signed in from. */
    public static SessionRecord begin(
            SessionId id, Identity identity, Instant now, Instant until, String device, String address, Tokens tokens) {
        return new SessionRecord(id, identity, now, until, device, address, tokens, 1);
    }

    /** The same of a user who proved who they are at that time, and in that way. */
    public SessionRecord authenticated(Optional<Instant> at, Optional<String> how) {
        return new SessionRecord(id, identity, createdAt, until, device, address, tokens, tokensRev, at, how);
    }

    /** The same with what a refresh has brought; still of the revision whose refresh token was used. */
    public SessionRecord refreshed(Tokens newTokens, Identity saidNow) {
        return new SessionRecord(
                id, saidNow, createdAt, until, device, address, newTokens, tokensRev, authenticatedAt, acr);
    }

    /** All fields of a new record. */
    public Map<String, String> write(TokenSeal seal) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(VERSION, CURRENT_VERSION);
        fields.put(STATE, LIVE);
        fields.put(PROVIDER, identity.provider());
        fields.put(ISSUER, identity.issuer());
        fields.put(SUBJECT, identity.subject());
        identity.providerSession().ifPresent(sid -> fields.put(SID, sid));
        fields.put(CREATED, millis(createdAt));
        fields.put(UNTIL, millis(until));
        fields.put(SEEN, millis(createdAt));
        fields.put(DEVICE, device);
        if (!address.isEmpty()) {
            fields.put(ADDRESS, address);
        }
        fields.put(TOKENS_REV, Long.toString(tokensRev));
        fields.putAll(writeRefreshed(seal));
        return fields;
    }

    /** The fields that a refresh replaces: the tokens, and what they say of the user. */
    public Map<String, String> writeRefreshed(TokenSeal seal) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(NAME, identity.name());
        fields.put(PROFILE, json(identity.profile()));
        fields.put(ROLES, json(identity.roles().stream().sorted().toList()));
        authenticatedAt.ifPresent(at -> fields.put(AUTHENTICATED, millis(at)));
        acr.ifPresent(value -> fields.put(ACR, value));
        fields.put(ACCESS, tokens.access().isEmpty() ? "" : seal.seal(tokens.access(), place(id, ACCESS)));
        tokens.refresh().ifPresent(token -> fields.put(REFRESH, seal.seal(token, place(id, REFRESH))));
        fields.put(ACCESS_EXPIRES, millis(tokens.accessExpires()));
        return fields;
    }

    /**
     * Reads both keys of a session that lives.
     *
     * @param express the JSON of Express' key
     * @param fields the fields of the record
     * @throws DamagedRecordException when a field is missing or unreadable, or the two keys name different users
     */
    public static SessionRecord read(SessionId id, String express, Map<String, String> fields, TokenSeal seal) {
        if (!CURRENT_VERSION.equals(fields.get(VERSION))) {
            throw new DamagedRecordException("its version is not " + CURRENT_VERSION);
        }
        Identity identity = new Identity(
                required(fields, PROVIDER),
                required(fields, ISSUER),
                required(fields, SUBJECT),
                Optional.ofNullable(fields.get(SID)),
                required(fields, NAME),
                withoutNull(ROLES, json(fields, ROLES, TEXTS)),
                withoutNull(PROFILE, json(fields, PROFILE, NAMED_TEXTS)));
        if (!ExpressRecord.read(express).isOf(identity)) {
            throw new DamagedRecordException("its two keys name different users");
        }
        String access = required(fields, ACCESS);
        Tokens tokens = new Tokens(
                access.isEmpty() ? "" : seal.open(access, place(id, ACCESS)),
                instant(fields, ACCESS_EXPIRES),
                openRefreshToken(id, fields.get(REFRESH), seal));
        return new SessionRecord(
                id,
                identity,
                instant(fields, CREATED),
                instant(fields, UNTIL),
                fields.getOrDefault(DEVICE, ""),
                fields.getOrDefault(ADDRESS, ""),
                tokens,
                revision(fields),
                fields.containsKey(AUTHENTICATED) ? Optional.of(instant(fields, AUTHENTICATED)) : Optional.empty(),
                Optional.ofNullable(fields.get(ACR)));
    }

    /** @param sealed the field {@link #REFRESH}; null when there is none */
    public static Optional<String> openRefreshToken(SessionId id, String sealed, TokenSeal seal) {
        return Optional.ofNullable(sealed).map(text -> seal.open(text, place(id, REFRESH)));
    }

    private static TokenSeal.Place place(SessionId id, String field) {
        return new TokenSeal.Place(Keys.record(id), field, CURRENT_VERSION);
    }

    private static String millis(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }

    static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new DamagedRecordException(name + " is missing");
        }
        return value;
    }

    private static long number(Map<String, String> fields, String name) {
        try {
            return Long.parseLong(required(fields, name));
        } catch (NumberFormatException e) {
            throw new DamagedRecordException(name + " is no number");
        }
    }

    /** Scripts compare it as a text: one that is written in another way would never be found again. */
    private static long revision(Map<String, String> fields) {
        long revision = number(fields, TOKENS_REV);
        if (!Long.toString(revision).equals(fields.get(TOKENS_REV))) {
            throw new DamagedRecordException(TOKENS_REV + " is not written as it should be");
        }
        return revision;
    }

    static Instant instant(Map<String, String> fields, String name) {
        try {
            return Instant.ofEpochMilli(number(fields, name));
        } catch (DateTimeException e) {
            throw new DamagedRecordException(name + " is no time");
        }
    }

    private static <T> T json(Map<String, String> fields, String name, TypeReference<T> type) {
        try {
            return JSON.readValue(required(fields, name), type);
        } catch (JsonProcessingException e) {
            throw new DamagedRecordException(name + " is not the JSON it should be");
        }
    }

    private static Set<String> withoutNull(String name, Set<String> texts) {
        if (texts == null || texts.contains(null)) {
            throw new DamagedRecordException(name + " is not the JSON it should be");
        }
        return texts;
    }

    private static Map<String, String> withoutNull(String name, Map<String, String> texts) {
        if (texts == null || texts.containsValue(null)) {
            throw new DamagedRecordException(name + " is not the JSON it should be");
        }
        return texts;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts are always JSON", e);
        }
    }

    /** Names the session, and nothing of what it holds. */
    @Override
    public String toString() {
        return id.toString();
    }
}

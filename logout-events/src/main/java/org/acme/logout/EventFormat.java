package org.acme.logout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.acme.logout.SessionEvent.Ended;
import org.acme.logout.SessionEvent.Forgotten;
import org.acme.logout.SessionEvent.Heartbeat;
import org.acme.logout.SessionEvent.Notice;
import org.acme.session.spi.FleetNotice;

/**
 * CloudEvents 1.0 in structured mode: one JSON document holds attributes and data. So the same bytes travel over any
 * transport, any stack reads them with a JSON parser, and one signature beside them could cover all of them.
 *
 * <p>A receiver ignores attributes and data it does not know; what it cannot live with becomes a new type.
 */
final class EventFormat {

    static final String MEDIA_TYPE = "application/cloudevents+json; charset=UTF-8";
    static final String ENDED = "org.acme.session.ended.v1";
    static final String FORGOTTEN = "org.acme.session.forgotten.v1";
    static final String HEARTBEAT = "org.acme.session.heartbeat.v1";
    static final String NOTICE = "org.acme.session.notice.v1";

    /** An event of ours has about 500 bytes. */
    static final int MAX_BYTES = 4096;

    private static final String SOURCE = "urn:sso:instance:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final Pattern MAC = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** W3C Trace Context, version 00: neither a trace nor a span is named by zeros. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private EventFormat() {}

    static byte[] write(SessionEvent event) {
        ObjectNode json = JSON.createObjectNode();
        json.put("specversion", "1.0");
        json.put("source", SOURCE + event.instance());
        json.put("datacontenttype", "application/json");
        if (event instanceof Ended ended) {
            json.put("id", ended.id()).put("type", ENDED);
            ended.traceparent().ifPresent(span -> json.put("traceparent", span));
            ObjectNode data = json.putObject("data").put("session", ended.session());
            ended.providerSession().ifPresent(hash -> data.put("providerSession", hash));
            data.put("reason", ended.reason()).put("actor", ended.actor());
        } else if (event instanceof Forgotten forgotten) {
            json.put("id", UUID.randomUUID().toString()).put("type", FORGOTTEN);
            json.putObject("data").put("event", forgotten.event()).put("mac", forgotten.mac());
        } else if (event instanceof Heartbeat heartbeat) {
            json.put("id", Long.toString(heartbeat.sequence())).put("type", HEARTBEAT);
            json.putObject("data").put("sequence", heartbeat.sequence());
        } else if (event instanceof Notice notice) {
            json.put("id", UUID.randomUUID().toString()).put("type", NOTICE);
            ObjectNode data = json.putObject("data").put("kind", notice.told().kind());
            notice.told().details().forEach(data.putObject("details")::put);
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SessionEvent read(byte[] value) throws MalformedEventException {
        if (value == null || value.length > MAX_BYTES) {
            throw new MalformedEventException(value == null ? "no content" : "too large");
        }
        JsonNode event = parse(value);
        if (!event.path("specversion").asText().equals("1.0")) {
            throw new MalformedEventException("not a CloudEvent 1.0");
        }
        String instance = instance(event);
        JsonNode data = event.path("data");
        return switch (event.path("type").asText()) {
            case ENDED -> ended(event, instance, data);
            case FORGOTTEN -> new Forgotten(instance, text(data, "event", NAME), text(data, "mac", MAC));
            case HEARTBEAT -> heartbeat(instance, data.path("sequence"));
            case NOTICE -> new Notice(new FleetNotice(instance, text(data, "kind", NAME), details(data)));
            default -> throw new MalformedEventException("unknown type or version");
        };
    }

    private static JsonNode parse(byte[] value) throws MalformedEventException {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new MalformedEventException("not JSON");
        }
    }

    private static String instance(JsonNode event) throws MalformedEventException {
        String source = event.path("source").asText();
        if (!source.startsWith(SOURCE)
                || !NAME.matcher(source.substring(SOURCE.length())).matches()) {
            throw new MalformedEventException("unknown kind of source");
        }
        return source.substring(SOURCE.length());
    }

    private static Ended ended(JsonNode event, String instance, JsonNode data) throws MalformedEventException {
        Optional<String> providerSession = data.path("providerSession").isMissingNode()
                ? Optional.empty()
                : Optional.of(text(data, "providerSession", SHA_256));
        return new Ended(
                text(event, "id", NAME),
                instance,
                text(data, "session", SHA_256),
                providerSession,
                text(data, "reason", NAME),
                text(data, "actor", NAME),
                traceparent(event));
    }

    /** CloudEvents' extension for distributed tracing. Nobody depends on it: a malformed one is as good as none. */
    private static Optional<String> traceparent(JsonNode event) {
        return Optional.of(event.path("traceparent").asText())
                .filter(span -> TRACEPARENT.matcher(span).matches());
    }

    private static Heartbeat heartbeat(String instance, JsonNode sequence) throws MalformedEventException {
        if (!sequence.isIntegralNumber() || !sequence.canConvertToLong()) {
            throw new MalformedEventException("heartbeat without a sequence number");
        }
        return new Heartbeat(instance, sequence.longValue());
    }

    private static Map<String, String> details(JsonNode data) throws MalformedEventException {
        Map<String, String> details = new LinkedHashMap<>();
        JsonNode given = data.path("details");
        for (String name : (Iterable<String>) given::fieldNames) {
            if (!NAME.matcher(name).matches()) {
                throw new MalformedEventException("malformed name of a detail");
            }
            details.put(name, text(given, name, NAME));
        }
        return details;
    }

    private static String text(JsonNode parent, String field, Pattern form) throws MalformedEventException {
        JsonNode value = parent.path(field);
        if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
            throw new MalformedEventException("missing or malformed " + field);
        }
        return value.textValue();
    }
}

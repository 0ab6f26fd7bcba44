package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.acme.logout.SessionEvent.Ended;
import org.acme.logout.SessionEvent.Forgotten;
import org.acme.logout.SessionEvent.Heartbeat;
import org.acme.logout.SessionEvent.Notice;
import org.acme.session.spi.FleetNotice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFormatTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String SPAN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Ended ENDED =
            new Ended("e-1", "i-1", HASH, Optional.of(HASH), "signed-off", "user", Optional.empty());

    private final EventSchema schema = EventSchema.in(DOCS.resolve("session-event.schema.json"));

    static Stream<SessionEvent> everyKindOfEvent() {
        return Stream.of(
                ENDED,
                new Ended("e-2", "i-1", HASH, Optional.empty(), "refresh-refused", "provider", Optional.empty()),
                new Ended("e-3", "i-1", HASH, Optional.empty(), "signed-off", "user", Optional.of(SPAN)),
                new Forgotten("i-2", "e-1", "m".repeat(43)),
                new Heartbeat("i-3", Long.MAX_VALUE),
                new Notice(new FleetNotice("i-4", "known", Map.of("session", HASH))),
                new Notice(new FleetNotice("i-4", "watch", Map.of())));
    }

    @ParameterizedTest
    @MethodSource("everyKindOfEvent")
    void whatIsWrittenIsReadAgain(SessionEvent sent) throws MalformedEventException {
        byte[] event = EventFormat.write(sent);

        assertThat(EventFormat.read(event)).isEqualTo(sent);
        assertThat(schema.faultsOf(event)).isEmpty();
        assertThat(event.length).isLessThan(EventFormat.MAX_BYTES / 4);
    }

    @Test
    void anEventOfASignOffCarriesTheseAttributesAndNothingElse() {
        assertThat(text())
                .isEqualTo("{\"specversion\":\"1.0\",\"source\":\"urn:sso:instance:i-1\","
                        + "\"datacontenttype\":\"application/json\",\"id\":\"e-1\","
                        + "\"type\":\"org.acme.session.ended.v1\",\"data\":{\"session\":\"" + HASH
                        + "\",\"providerSession\":\"" + HASH + "\",\"reason\":\"signed-off\",\"actor\":\"user\"}}");
    }

    @Test
    void whatALaterVersionAddsIsIgnored() throws MalformedEventException {
        String later = text().replace("\"data\":{", "\"time\":\"2026-01-01T00:00:00Z\",\"data\":{\"added\":[1,{}],");

        assertThat(EventFormat.read(bytes(later))).isEqualTo(ENDED);
        assertThat(schema.faultsOf(bytes(later))).isEmpty();
    }

    @Test
    void theEventThatTheDocumentationShowsIsOne() throws IOException, MalformedEventException {
        String page = Files.readString(DOCS.resolve("session-event.md"));
        String shown = page.substring(page.indexOf("```json") + "```json".length());
        byte[] event = bytes(shown.substring(0, shown.indexOf("```")));

        assertThat(EventFormat.read(event)).isInstanceOf(Ended.class);
        assertThat(schema.faultsOf(event)).isEmpty();
    }

    @Test
    void theTraceStandsWhereCloudEventsHasIt() throws MalformedEventException {
        String traced = text().replace("\"data\":{", "\"traceparent\":\"" + SPAN + "\",\"data\":{");

        assertThat(((Ended) EventFormat.read(bytes(traced))).traceparent()).contains(SPAN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "null",
                "17",
                "true",
                "{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"}",
                "[\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"]",
                "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\\n\"",
                "\" 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"",
                "\"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01\"",
                "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\"",
                "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more\"",
                "\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"",
                "\"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\"",
                "\"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"",
                "\"00-\\u0030af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\\u00b2\""
            })
    @DisplayName("S1: a malformed trace is as good as none, and its event is followed")
    void aMalformedTraceIsIgnored(String value) throws MalformedEventException {
        String event = text().replace("\"data\":{", "\"traceparent\":" + value + ",\"data\":{");

        assertThat(EventFormat.read(bytes(event))).isEqualTo(ENDED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "specversion":"1.0"              | "specversion":"2.0"               | not a CloudEvent 1.0
                    "specversion":"1.0",             | ''                                | not a CloudEvent 1.0
                    urn:sso:instance:i-1             | https://elsewhere                 | unknown kind of source
                    urn:sso:instance:i-1             | urn:sso:instance:                 | unknown kind of source
                    urn:sso:instance:i-1             | urn:sso:instance:a\\nb            | unknown kind of source
                    ended.v1                         | ended.v2                          | unknown type or version
                    "id":"e-1"                       | "id":17                           | missing or malformed id
                    "id":"e-1",                      | ''                                | missing or malformed id
                    "session":"0                     | "session":"G                      | missing or malformed session
                    "session":"0                     | "session":"00                     | missing or malformed session
                    "providerSession":"0             | "providerSession":"               | missing or malformed providerSession
                    "reason":"signed-off"            | "reason":{}                       | missing or malformed reason
                    "specversion"                    | "id":"e-2","specversion"          | not JSON
                    "data":{                         | "data":[],"x":{                   | missing or malformed session
                    }}                               | }} {}                             | not JSON
                    }}                               | }                                 | not JSON
                    "data":{                         | "x":[[[[[[[[[]]]]]]]]],"data":{   | not JSON
                    """)
    void whatIsNotAnEventOfOursIsRefusedWithItsReason(String good, String bad, String reason) {
        String event = text().replace(good, bad);

        assertThat(event).isNotEqualTo(text());
        assertThatThrownBy(() -> EventFormat.read(bytes(event)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage(reason);
        if (!reason.equals("not JSON")) {
            assertThat(schema.faultsOf(bytes(event))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "17", "\"text\"", "{\"specversion\":\"1.0\"}", "{\"data\":null}"})
    void garbageIsNoEvent(String garbage) {
        assertThatThrownBy(() -> EventFormat.read(bytes(garbage))).isInstanceOf(MalformedEventException.class);
        assertThat(schema.faultsOf(bytes(garbage))).isNotEmpty();
    }

    @Test
    void nothingAndTooMuchAreRefusedWithoutReadingThem() {
        assertThatThrownBy(() -> EventFormat.read(null)).hasMessage("no content");
        assertThatThrownBy(() -> EventFormat.read(new byte[EventFormat.MAX_BYTES + 1]))
                .hasMessage("too large");
    }

    private static String text() {
        return new String(EventFormat.write(ENDED), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

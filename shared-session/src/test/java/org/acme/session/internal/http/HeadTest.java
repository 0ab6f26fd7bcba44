package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class HeadTest {

    private static String ask(String method, String path) {
        return RawHttp.exchange(method + " /notes/" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "streams/events, text/event-stream",
        "streams/silent, text/event-stream",
        "streams/sink, text/event-stream",
        "streams/lines, application/x-ndjson",
        "streams/json, application/json",
        "streams/text, text/plain",
        "streams/rest-multi, text/plain",
        "streams/rest-multi-later, text/plain",
        "streams/output, text/plain",
        "api/bodies/part/events, text/event-stream"
    })
    @DisplayName(
            "F12, E8: HEAD on any stream is answered at once, without a body, opens no stream, and the connection goes on")
    void headIsAnswered(String path, String type) {
        int opened = StreamsResource.OPENED.get();
        String answers = ask("HEAD", path);
        assertEquals(200, RawHttp.status(answers), answers);
        assertTrue(answers.toLowerCase().contains("content-type: " + type), answers);
        assertTrue(RawHttp.hasAnsweredBoth(answers), answers);
        String body = answers.substring(answers.indexOf("\r\n\r\n") + 4);
        assertTrue(body.startsWith("HTTP/1.1 200"), "right after the headers comes the next answer: " + answers);
        assertEquals(opened, StreamsResource.OPENED.get());
    }

    @Test
    @DisplayName("F12: the headers of HEAD are those of GET")
    void headersAreTheSame() {
        assertTrue(ask("HEAD", "streams/events").contains("X-Accel-Buffering: no"));
        assertTrue(ask("HEAD", "streams/rest-multi").contains("X-Kind: rest"));
    }

    @Test
    @DisplayName("F12: HEAD on a stream that is not for the one who asks is refused as GET is")
    void rolesCount() {
        String answers = ask("HEAD", "streams/closed");
        assertEquals(401, RawHttp.status(answers), answers);
        assertTrue(RawHttp.hasAnsweredBoth(answers), answers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "TRACE", "POST", "DELETE", "PROPFIND", "XYZZY"})
    @DisplayName("F12, E8: other methods on a stream are answered, too, and open none")
    void otherMethodsAreAnswered(String method) {
        int opened = StreamsResource.OPENED.get();
        String answers = RawHttp.exchange(
                method + " /notes/streams/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        assertFalse(answers.startsWith("HTTP/1.1 5"), answers);
        assertTrue(RawHttp.hasAnsweredBoth(answers), answers);
        assertEquals(opened, StreamsResource.OPENED.get());
    }
}

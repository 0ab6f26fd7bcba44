package org.acme.projects.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.Optional;
import org.acme.projects.config.ProjectsConfig;
import org.acme.projects.service.Person;
import org.acme.projects.service.Viewer;
import org.acme.session.SessionEnding;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The open streams without a service around them, so that a test decides what happens first. */
class LiveStreamsTest {

    private static final Viewer BOB =
            new Viewer(new Person("https://idp.example", "bob"), "bob", Optional.empty(), false);

    private final LiveStreams streams = new LiveStreams(new Limits(), null);

    @Test
    @DisplayName("S4 F55: the stream of a session that has ended before it opens says so, ends, and is not kept")
    void aSessionThatIsOverAlready() {
        AssertSubscriber<OutboundSseEvent> browser = streams.open(
                        BOB, "session", Uni.createFrom().item(SessionEnding.SIGNED_OFF), SseImpl.INSTANCE)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(10));

        browser.awaitCompletion();
        assertEquals("session-ended", browser.getItems().get(0).getName());
        assertEquals(0, streams.open(), "a stream that nobody reads counts for ever towards the limit");
    }

    /** Room for one. */
    private static final class Limits implements ProjectsConfig, ProjectsConfig.Live {

        @Override
        public Live live() {
            return this;
        }

        @Override
        public int perSession() {
            return 1;
        }

        @Override
        public int perInstance() {
            return 1;
        }

        @Override
        public Duration heartbeatInterval() {
            return Duration.ofSeconds(5);
        }

        @Override
        public Duration maxDuration() {
            return Duration.ofMinutes(10);
        }

        @Override
        public Duration resubscribeInterval() {
            return Duration.ofSeconds(1);
        }

        @Override
        public int pageSize() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int perOwner() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int membersPerProject() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int perMember() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int lookupsPerMinute() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration suggestionTtl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration storeTimeout() {
            throw new UnsupportedOperationException();
        }
    }
}

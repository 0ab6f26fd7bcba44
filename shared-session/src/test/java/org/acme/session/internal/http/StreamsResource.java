package org.acme.session.internal.http;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.ServerWebSocket;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestMulti;

/** Every way in which a resource writes a stream. */
@Path("streams")
@PermitAll
class StreamsResource {

    /** How many have been subscribed to. */
    static final AtomicInteger OPENED = new AtomicInteger();

    /** One for each reader that has left {@link #ticks}. */
    static final Semaphore LEFT = new Semaphore(0);

    static Multi<String> endless() {
        return Multi.createFrom()
                .<String>emitter(emitter -> emitter.emit("first"))
                .onSubscription()
                .invoke(OPENED::incrementAndGet);
    }

    @GET
    @Path("events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    public Multi<String> events() {
        return endless();
    }

    @GET
    @Path("ticks")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<String> ticks() {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(1))
                .onOverflow()
                .drop()
                .map(tick -> "tick " + tick)
                .onCancellation()
                .invoke(LEFT::release);
    }

    @GET
    @Path("silent")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<String> silent() {
        return Multi.createFrom().<String>nothing().onSubscription().invoke(OPENED::incrementAndGet);
    }

    @GET
    @Path("sink")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void sink(@Context SseEventSink sink, @Context Sse sse) {
        if (!sink.isClosed()) {
            sink.send(sse.newEvent("first"));
        }
    }

    @GET
    @Path("lines")
    @Produces("application/x-ndjson")
    public Multi<String> lines() {
        return endless();
    }

    @GET
    @Path("json")
    @Produces(MediaType.APPLICATION_JSON)
    public Multi<String> json() {
        return endless();
    }

    @GET
    @Path("text")
    @Produces(MediaType.TEXT_PLAIN)
    public Multi<String> text() {
        return endless();
    }

    @GET
    @Path("rest-multi")
    @Produces(MediaType.TEXT_PLAIN)
    public RestMulti<String> restMulti() {
        return RestMulti.fromMultiData(endless()).header("X-Kind", "rest").build();
    }

    @GET
    @Path("rest-multi-later")
    @Produces(MediaType.TEXT_PLAIN)
    public RestMulti<String> restMultiLater() {
        return RestMulti.fromUniResponse(Uni.createFrom().item("later"), item -> endless());
    }

    @GET
    @Path("output")
    @Blocking
    public Response output() {
        StreamingOutput lines = out -> {
            for (int i = 0; i < 20_000; i++) {
                out.write("a line\n".getBytes());
            }
        };
        return Response.ok(lines, MediaType.TEXT_PLAIN).build();
    }

    @GET
    @Path("socket")
    public void socket(ServerWebSocket socket) {
        socket.writeTextMessage("open");
    }

    @GET
    @Path("closed")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed("nobody-has-this")
    public Multi<String> closed() {
        return endless();
    }
}

package org.acme.session.internal.oidc;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The body of a provider's answer, as UTF-8 without byte order mark: unpacked, if it was sent packed though nobody asked for
 * that, and read as Latin-1 where it is no UTF-8. Of bounded size, packed and unpacked: a larger one fails the request.
 */
final class PlainBody implements BodyCodec<Buffer> {

    /** Three tokens of a user with 1,000 roles have room in it. */
    static final int MOST_BYTES = 1 << 20;

    private static final PlainBody CODEC = new PlainBody();

    private PlainBody() {}

    /** Has the answer to this request read so. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // Mutiny's wrapper has no type for what it wraps.
    static <T> HttpRequest<T> expectedBy(HttpRequest<T> request) {
        request.getDelegate().as(CODEC);
        return request;
    }

    @Override
    public void create(Handler<AsyncResult<BodyStream<Buffer>>> handler) {
        Handler<AsyncResult<BodyStream<Buffer>>> counted = created -> handler.handle(created.map(Bounded::new));
        BodyCodec.buffer().create(counted);
    }

    /** The JSON object that a body is; empty for anything else. */
    static Optional<JsonObject> object(Buffer body) {
        try {
            return body == null || body.length() == 0 ? Optional.empty() : Optional.of(new JsonObject(body));
        } catch (DecodeException | ClassCastException noObject) {
            return Optional.empty();
        }
    }

    static Buffer plain(Buffer body) {
        byte[] bytes = unpacked(body.getBytes());
        int start = bytes.length > 2 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF
                ? 3
                : 0;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, bytes.length - start));
            return start == 0 ? Buffer.buffer(bytes) : Buffer.buffer(bytes).slice(start, bytes.length);
        } catch (CharacterCodingException otherCharset) {
            return Buffer.buffer(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    private static byte[] unpacked(byte[] bytes) {
        if (bytes.length < 2 || bytes[0] != (byte) 0x1F || bytes[1] != (byte) 0x8B) {
            return bytes;
        }
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] all = unpacked.readNBytes(MOST_BYTES + 1);
            if (all.length > MOST_BYTES) {
                throw tooLarge();
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UncheckedIOException tooLarge() {
        return new UncheckedIOException(new IOException("The answer is larger than " + MOST_BYTES + " bytes"));
    }

    /** Counts what comes before it is kept. */
    private static final class Bounded implements BodyStream<Buffer> {

        private final BodyStream<Buffer> kept;
        private int size;

        Bounded(BodyStream<Buffer> kept) {
            this.kept = kept;
        }

        @Override
        public Future<Buffer> result() {
            return kept.result().map(body -> body == null ? null : plain(body));
        }

        @Override
        public void handle(Throwable failure) {
            kept.handle(failure);
        }

        @Override
        public Future<Void> write(Buffer data) {
            size += data.length();
            return size > MOST_BYTES ? Future.failedFuture(tooLarge().getCause()) : kept.write(data);
        }

        @Override
        public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
            write(data).onComplete(handler);
        }

        @Override
        public void end(Handler<AsyncResult<Void>> handler) {
            kept.end(handler);
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
            kept.exceptionHandler(handler);
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
            kept.setWriteQueueMaxSize(size);
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return kept.writeQueueFull();
        }

        @Override
        public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
            kept.drainHandler(handler);
            return this;
        }
    }
}

package org.acme.logout;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What carries events to everybody who listens: open for reading and writing. Everybody reads one order, so a heartbeat that
 * comes back proves that what was written before it has been read. Opened, read and closed by one thread.
 */
interface EventChannel extends AutoCloseable {

    /** Hands an event on and returns at once; from any thread. {@code failed} runs at most once, on any thread. */
    void publish(byte[] event, Consumer<Throwable> failed);

    /** What has come, waiting for the first for so long at most. Fails when the channel is of no more use. */
    Iterable<byte[]> poll(Duration wait);

    /** Ends a {@link #poll} under way, with an exception; from any thread. */
    void wakeUp();

    @Override
    void close();
}

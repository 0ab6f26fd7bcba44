package org.acme.e2e.observers;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisException;

/** What Redis' own MONITOR tells, from {@link RedisProbe#watch()} on. */
public final class RedisWatch implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Jedis monitoring;
    private final Supplier<Jedis> others;

    private RedisWatch(Jedis monitoring, Supplier<Jedis> others) {
        this.monitoring = monitoring;
        this.others = others;
    }

    static RedisWatch start(Jedis monitoring, Supplier<Jedis> others) {
        RedisWatch watch = new RedisWatch(monitoring, others);
        Thread thread = new Thread(watch::listen, "redis-watch");
        thread.setDaemon(true);
        thread.start();
        // The first mark is sent again and again, for MONITOR may not have begun.
        Awaitility.await("MONITOR to begin").atMost(TIMEOUT).until(() -> watch.mark(Duration.ofMillis(300)));
        return watch;
    }

    /** All commands that Redis ran up to this moment. */
    public List<String> commands() {
        if (!mark(TIMEOUT)) {
            throw new IllegalStateException("MONITOR went silent");
        }
        return commands.stream().filter(line -> !line.contains("watch-mark-")).toList();
    }

    private void listen() {
        try {
            monitoring.monitor(new JedisMonitor() {
                @Override
                public void onCommand(String command) {
                    commands.add(command);
                }
            });
        } catch (JedisException closed) {
            // the watch is over
        }
    }

    /** Sends a mark of its own and waits until MONITOR shows it: all that came before has then been seen. */
    private boolean mark(Duration timeout) {
        String mark = "watch-mark-" + UUID.randomUUID();
        try (Jedis other = others.get()) {
            other.echo(mark);
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        while (commands.stream().noneMatch(line -> line.contains(mark))) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Override
    public void close() {
        monitoring.close();
    }
}

package org.acme.logout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.acme.session.spi.InstanceMemory;

/** Stands for shared-session's memory in a Quarkus application. */
@ApplicationScoped
class FakeInstanceMemory implements InstanceMemory {

    private final List<String> forgotten = new CopyOnWriteArrayList<>();
    private final List<Long> heartbeats = new CopyOnWriteArrayList<>();

    @Override
    public String instance() {
        return "quarkus-under-test";
    }

    @Override
    public byte[] ackKey() {
        return "the fleet's".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void forget(String session, Optional<String> providerSession) {
        forgotten.add(session);
    }

    @Override
    public void heartbeatReturned(long sentAt) {
        heartbeats.add(sentAt);
    }

    List<String> forgotten() {
        return forgotten;
    }

    int heartbeats() {
        return heartbeats.size();
    }
}

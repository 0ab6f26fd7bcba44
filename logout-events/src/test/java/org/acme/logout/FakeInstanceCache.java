package org.acme.logout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.acme.session.spi.InstanceCache;

/** Stands for shared-session's cache in a Quarkus application. */
@ApplicationScoped
class FakeInstanceCache implements InstanceCache {

    private final List<String> invalidated = new CopyOnWriteArrayList<>();
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
    public void invalidate(String session, Optional<String> providerSession) {
        invalidated.add(session);
    }

    @Override
    public boolean isInUse() {
        return true;
    }

    @Override
    public void heartbeatReturned(long sentAt) {
        heartbeats.add(sentAt);
    }

    List<String> invalidated() {
        return invalidated;
    }

    int heartbeats() {
        return heartbeats.size();
    }
}

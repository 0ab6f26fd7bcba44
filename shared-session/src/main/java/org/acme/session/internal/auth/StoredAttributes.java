package org.acme.session.internal.auth;

import io.smallrye.mutiny.Uni;
import java.util.Objects;
import java.util.Optional;
import org.acme.session.SessionAttributes;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.store.AttributeStore;

/** The attributes of one session, for this service. */
record StoredAttributes(AttributeStore store, SessionId id) implements SessionAttributes {

    private static final int LONGEST_NAME = 64;

    @Override
    public Uni<Optional<String>> get(String name) {
        return store.read(id).map(all -> Optional.ofNullable(all.get(name)));
    }

    @Override
    public Uni<Void> put(String name, String value) {
        Objects.requireNonNull(value);
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return Uni.createFrom()
                    .failure(new IllegalArgumentException(
                            "An attribute's name has 1 to " + LONGEST_NAME + " characters"));
        }
        return store.change(id, all -> all.put(name, value));
    }

    @Override
    public Uni<Void> remove(String name) {
        return store.change(id, all -> all.remove(name));
    }
}

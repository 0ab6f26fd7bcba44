package org.acme.session.provider;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.acme.session.SsoConfig;
import org.jose4j.jws.JsonWebSignature;

/** The configured providers by name. */
@Singleton
public class Providers {

    private final Map<String, ProviderClient> clients;
    private final Map<String, SigningKeys> keys;
    private final String defaultProvider;

    Providers(SsoConfig config, Vertx vertx, Clock clock) {
        this.clients = config.providers().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new ProviderClient(
                                vertx, entry.getValue(), config.refresh().timeLimit(), clock)));
        this.keys = clients.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> new SigningKeys(entry.getValue()::signingKeys, System::nanoTime)));
        this.defaultProvider = config.defaultProvider();
        if (!clients.containsKey(defaultProvider)) {
            throw new IllegalArgumentException(
                    "sso.default-provider names '" + defaultProvider + "', which sso.providers does not have");
        }
    }

    /** The provider that signs in who asks for a page without a session. */
    public String defaultProvider() {
        return defaultProvider;
    }

    public boolean has(String name) {
        return clients.containsKey(name);
    }

    /** The provider that has that issuer; empty when none has. Fails when one that might cannot be asked. */
    public Uni<Optional<String>> withIssuer(String issuer) {
        return Multi.createFrom()
                .iterable(clients.entrySet())
                .onItem()
                .transformToUni(client -> client.getValue()
                        .metadata()
                        .map(known -> issuer.equals(known.getString("issuer")) ? client.getKey() : ""))
                .collectFailures()
                .merge()
                .select()
                .where(name -> !name.isEmpty())
                .toUni()
                .map(Optional::ofNullable);
    }

    /** What a provider says about itself (OIDC Discovery 1.0). Fails when it cannot be read. */
    public Uni<JsonObject> metadata(String name) {
        return clients.get(name).metadata();
    }

    /** The published key of that provider that a token names; empty when it has none. Fails when that cannot be asked. */
    public Uni<Optional<Key>> signingKey(String name, JsonWebSignature token) {
        return keys.get(name).find(token);
    }

    /**
     * Where a browser ends its session at the provider (OIDC RP-Initiated Logout 1.0), without a token in the address: the
     * provider asks the person instead.
     *
     * @param back where the provider sends the browser afterwards; registered there
     * @return empty when the provider says nothing of it, or cannot be asked; never fails
     */
    public Uni<Optional<String>> endSessionUrl(String name, String back) {
        return clients.get(name).endSessionUrl(back).onFailure().recoverWithItem(Optional.empty());
    }

    Optional<ProviderClient> client(String name) {
        return Optional.ofNullable(clients.get(name));
    }
}

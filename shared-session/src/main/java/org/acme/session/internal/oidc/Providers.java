package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.acme.session.internal.config.SsoConfig;
import org.jose4j.jws.JsonWebSignature;

/** The configured providers by name. */
@Singleton
public class Providers {

    private final Map<String, SsoConfig.Provider> config;
    private final Map<String, ProviderClient> clients;
    private final Map<String, SigningKeys> keys;
    private final Map<String, String> titles;
    private final Clock clock;
    private final String defaultProvider;

    Providers(SsoConfig config, Vertx vertx, Clock clock) {
        this.config = config.providers();
        this.clock = clock;
        this.titles = config.providers().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().title().orElse(entry.getKey())))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().title().orElse(entry.getKey()),
                        (one, same) -> one,
                        LinkedHashMap::new));
        this.clients = config.providers().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new ProviderClient(
                                vertx, entry.getValue(), config.refresh().providerTimeout())));
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

    /** Every provider by name, with what people know it by, in the order of these titles. */
    public Map<String, String> titles() {
        return titles;
    }

    /**
     * Who has just been signed in there, from tokens that quarkus-oidc has verified.
     *
     * @param idToken what it made itself, where the provider issues none: the provider is asked whose the access token is
     * @return empty when the tokens were issued to another client, or to nobody
     */
    public Uni<Optional<SignedIn>> signedIn(String name, String idToken, String accessToken) {
        SsoConfig.Provider known = config.get(name);
        return known.protocol() == SsoConfig.Protocol.OAUTH2
                ? clients.get(name)
                        .userInfo(accessToken)
                        .map(info -> info.flatMap(claims -> SignedIn.read(name, known, claims, clock.instant())))
                : Uni.createFrom().item(() -> SignedIn.read(name, known, idToken, accessToken));
    }

    /** What a provider says about itself (OIDC Discovery 1.0). Fails when it cannot be read. */
    public Uni<JsonObject> metadata(String name) {
        return client(name).map(ProviderClient::metadata).orElseGet(() -> Uni.createFrom()
                .failure(new ProviderUnavailableException("there is no such provider")));
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

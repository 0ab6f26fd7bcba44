package org.acme.session.internal.backchannel;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.testing.ProviderServer;

/**
 * The provider {@code signer}: it publishes the keys that a test puts at {@code /jwks}, counts how often they are read, and
 * answers nothing while a test has put an empty text there.
 */
public final class SigningProvider extends ProviderServer {

    static final String NAME = "signer";
    static final String CLIENT = "sso";
    static final String ISSUER = "https://signer.test";

    private final AtomicInteger reads = new AtomicInteger();
    private volatile String keys = "{\"keys\":[]}";

    @Override
    protected Map<String, String> serve() {
        publish(metadata(ISSUER));
        on("/reads", exchange -> send(exchange, 200, Integer.toString(reads.get())));
        on("/jwks", exchange -> {
            if (exchange.getRequestMethod().equals("PUT")) {
                keys = form(exchange);
            } else {
                reads.incrementAndGet();
            }
            send(exchange, keys.isEmpty() ? 500 : 200, keys);
        });
        return client(NAME, url());
    }
}

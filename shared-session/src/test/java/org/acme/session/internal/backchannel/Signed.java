package org.acme.session.internal.backchannel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;

/** People whom the provider of these tests has signed in. */
final class Signed {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Signed() {}

    /** A session not yet written. */
    static SessionRecord in(String name) {
        return at(
                SigningProvider.ISSUER,
                name,
                TestSessions.sessionOf(name).identity().providerSession());
    }

    static SessionRecord at(String issuer, String name, Optional<String> providerSession) {
        SessionRecord session = TestSessions.sessionOf(name, "user");
        Identity user = session.identity();
        return SessionRecord.begin(
                session.id(),
                new Identity(
                        SigningProvider.NAME,
                        issuer,
                        user.subject(),
                        providerSession,
                        user.name(),
                        user.roles(),
                        user.profile()),
                session.createdAt(),
                session.until(),
                "",
                session.tokens());
    }

    /** Whether the service takes this cookie for somebody's. */
    static boolean isKnown(String cookie) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        try {
            int status = HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/notes/page"))
                                    .header("Cookie", cookie)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
            if (status != 200 && status != 401) {
                throw new AssertionError("status " + status);
            }
            return status == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

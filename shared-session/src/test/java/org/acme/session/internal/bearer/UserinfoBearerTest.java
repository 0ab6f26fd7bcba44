package org.acme.session.internal.bearer;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.acme.session.notes.TokenProvider;
import org.acme.session.testing.RedisServer;

/** By the provider's userinfo endpoint. */
@QuarkusTest
@TestProfile(UserinfoBearerTest.Profile.class)
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = TokenProvider.class, restrictToAnnotatedClass = true)
class UserinfoBearerTest extends RemoteBearerContract {

    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sso.bearer.verification", "userinfo");
        }
    }
}

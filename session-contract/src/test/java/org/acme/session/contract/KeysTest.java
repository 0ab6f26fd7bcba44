package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeysTest {

    private static final SessionId ID = SessionId.random();

    @Test
    @DisplayName("the keys of one session have one hash tag, so one script may touch them in a Cluster")
    void theKeysOfASessionAreInOneSlot() {
        assertEquals("sess:" + ID.value(), Keys.express(ID));
        for (String key : new String[] {Keys.record(ID), Keys.refreshLock(ID)}) {
            assertEquals(Keys.express(ID), key.substring(key.indexOf('{') + 1, key.indexOf('}')));
        }
    }

    @Test
    @DisplayName("guests see sess:* only, and no key of ours begins so")
    void noKeyOfOursIsAGuests() {
        for (String key : new String[] {
            Keys.record(ID),
            Keys.refreshLock(ID),
            Keys.userIndex("i", "s"),
            Keys.providerSessionIndex("h"),
            Keys.endedProviderSession("h"),
            Keys.LEASES
        }) {
            assertTrue(!key.startsWith("sess:"), key);
        }
    }

    @Test
    @DisplayName("I9: the same subject at another issuer is another user")
    void usersAreIssuerAndSubject() {
        assertNotEquals(Keys.userIndex("i", "s"), Keys.userIndex("j", "s"));
        assertNotEquals(Keys.userIndex("i", "s"), Keys.userIndex("is", ""));
    }
}

package org.acme.session.internal.cache;

import io.quarkus.security.identity.SecurityIdentity;
import java.time.Instant;
import org.acme.session.contract.SessionRecord;

/**
 * A session that lives, with the identity built from it once.
 *
 * @param session its record
 * @param identity the same as Quarkus knows it
 * @param goodUntil when it has to be looked at again at the latest: its end, or the time to refresh its tokens
 */
public record LiveSession(SessionRecord session, SecurityIdentity identity, Instant goodUntil) {}

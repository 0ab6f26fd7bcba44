package org.acme.benchmark;

import org.acme.session.contract.SessionId;

/**
 * Somebody who is signed in.
 *
 * @param id names the session in Redis
 * @param cookie the Cookie header
 */
record Person(SessionId id, String cookie) {}

/**
 * Authentication of requests: who a request is from, what happens without a session, and the {@code auth/…} addresses.
 */
package org.acme.session.internal.auth;

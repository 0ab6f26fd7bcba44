/** What operators see: meters, audit lines, the request id in every line, and traces. No session id gets here. */
package org.acme.session.internal.observability;

/** What operators see: meters, audit lines, and the request id in every line. No session id gets here. */
package org.acme.session.journal;

/** What this instance remembers of sessions, and whether it may trust that: near cache and lease. */
package org.acme.session.memory;

/** The session in Redis: scripts, records, indexes and leases, behind types that know no Redis. */
package org.acme.session.internal.store;

/** The near cache of this instance, and the lease under which it may be trusted. */
package org.acme.session.internal.cache;

/** Sessions that an Express guest began, adopted as ours. Nothing else depends on this package. */
package org.acme.session.internal.guests;

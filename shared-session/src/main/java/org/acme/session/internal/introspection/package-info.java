/** Session introspection, for backends that cannot reach Redis. Nothing else depends on this package. */
package org.acme.session.internal.introspection;

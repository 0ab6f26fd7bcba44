/** Bearer tokens: read, verified as configured, and turned into an identity; and the scopes that they grant. */
package org.acme.session.internal.bearer;

/** Bearer tokens: read, verified as configured, and turned into an identity. */
package org.acme.session.bearer;

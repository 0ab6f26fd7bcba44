/**
 * Forward auth: nginx' {@code auth_request} for applications that know nothing of sessions. Nothing else depends on this
 * package.
 */
package org.acme.session.internal.forwardauth;

/**
 * The OpenID providers: quarkus-oidc's tenants and code flow, refresh, userinfo, introspection, and the end of their sessions.
 */
package org.acme.session.internal.oidc;

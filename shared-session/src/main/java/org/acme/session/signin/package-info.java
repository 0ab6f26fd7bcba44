/** The bridge from quarkus-oidc's code flow to the shared session: tenants, callback, the session's beginning. */
package org.acme.session.signin;

/** The OpenID providers, asked from server to server: refresh, and the end of their sessions. */
package org.acme.session.provider;

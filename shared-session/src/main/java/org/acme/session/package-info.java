/**
 * What a service sees of the session: {@link org.acme.session.CurrentSession}, {@link org.acme.session.SignedInUser}
 * and {@link org.acme.session.SessionAttributes}. Keys, cookies and topics stay behind these types.
 */
package org.acme.session;

/** Where requests meet the session: authentication, challenge, sign-in and sign-off addresses, the current session. */
package org.acme.session.auth;

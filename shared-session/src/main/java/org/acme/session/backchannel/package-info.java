/** Where a provider says that a session of its own has ended (OpenID Connect Back-Channel Logout 1.0). */
package org.acme.session.backchannel;

/** Back-channel logout: a provider tells which session it has ended. Nothing else depends on this package. */
package org.acme.session.internal.backchannel;

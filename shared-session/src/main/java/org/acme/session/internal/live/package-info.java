/** Shows the fleet to people: what instances tell while somebody watches. Nothing else needs it. */
package org.acme.session.internal.live;

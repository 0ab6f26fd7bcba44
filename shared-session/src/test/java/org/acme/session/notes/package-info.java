/** The service that the tests run, {@code notes-service}, and what speaks to it: a browser and OpenID providers. */
package org.acme.session.notes;

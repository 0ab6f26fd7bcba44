/** HTTP: the cookie, what kind of request it is, the replies; and what the shared session mends in Quarkus REST. */
package org.acme.session.internal.http;

/**
 * What the shared session mends in Quarkus REST, for every resource of a service: a HEAD that nobody would end, and a body that
 * nobody can read.
 */
package org.acme.session.handlers;

/**
 * The written contract in code: base URL, cookie, the two keys, the seal. No Quarkus, no CDI, no Redis client: a servlet
 * or Spring member uses these classes as they are.
 */
package org.acme.session.contract;

/**
 * What a carrier of sign-off news implements ({@link org.acme.session.spi.SignOffTransport}) and what it is offered
 * ({@link org.acme.session.spi.InstanceMemory}). Services use neither.
 */
package org.acme.session.spi;

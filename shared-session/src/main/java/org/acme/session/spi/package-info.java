/**
 * What a transport of session events implements ({@link org.acme.session.spi.SignOffTransport}) and what it is offered
 * ({@link org.acme.session.spi.InstanceCache}); and what renders the shared session's own pages
 * ({@link org.acme.session.spi.PageRenderer}). Services use none of them.
 */
package org.acme.session.spi;

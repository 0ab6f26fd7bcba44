/**
 * Carries session events to every instance, over Kafka or Redis pub/sub. Adding the dependency is enough.
 *
 * <p>{@link org.acme.logout.EventTransport} implements the SPI of shared-session; {@link org.acme.logout.EventLoop} is
 * the one thread that receives; {@link org.acme.logout.EventFormat} is the wire format.
 */
package org.acme.logout;

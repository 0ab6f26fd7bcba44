/**
 * Carries the news of a sign-off to every instance, over Kafka or Redis pub/sub, by being on the class path.
 *
 * <p>{@link org.acme.logout.NewsTransport} is the door from shared-session; {@link org.acme.logout.Conversation} is
 * the one thread that listens; {@link org.acme.logout.EventFormat} is what travels.
 */
package org.acme.logout;

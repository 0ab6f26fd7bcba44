/**
 * Carries the news of a sign-off to every instance, over Kafka, by being on the class path.
 *
 * <p>{@link org.acme.logout.KafkaSignOffTransport} is the door from shared-session; {@link org.acme.logout.Conversation} is
 * the one thread that listens; {@link org.acme.logout.EventFormat} is what travels.
 */
package org.acme.logout;

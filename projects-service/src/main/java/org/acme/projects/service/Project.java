package org.acme.projects.service;

import java.time.Instant;

/**
 * A project.
 *
 * @param id random, stands in its URL
 * @param number counts up with every project created; orders lists
 * @param name what the owner called it
 * @param owner whose it is
 * @param ownerName what the owner was called when creating it
 * @param createdAt by the store's clock
 */
public record Project(String id, long number, ProjectName name, Owner owner, String ownerName, Instant createdAt) {}

package org.acme.projects.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What is wrong with one field of a document; in the member {@code errors} of a problem document.
 *
 * @param pointer JSON pointer to the field, as a URI fragment
 */
@RegisterForReflection // no endpoint declares it
record FieldProblem(String detail, String pointer) {}

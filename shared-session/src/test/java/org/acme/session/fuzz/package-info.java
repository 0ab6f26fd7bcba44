/**
 * What strangers can send, asked with anything at all: each target says what must be true of every input, not only that
 * nothing breaks. {@link org.acme.session.fuzz.FuzzTest} asks the corpus; {@code infra/fuzz} lets Jazzer search for more.
 */
package org.acme.session.fuzz;

/**
 * The look of the product. A service depends on this module and writes {@code {#include layout title="…"}…{/include}}; it
 * needs none of these classes.
 */
package org.acme.layout;

package org.acme.@NAME@.rest;

/**
 * What a script gets.
 *
 * @param name what the user is called
 */
record Greeting(String name) {}

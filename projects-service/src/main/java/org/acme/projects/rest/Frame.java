package org.acme.projects.rest;

/**
 * What {@code layout.html} shows around every page. This service has no pages for strangers.
 *
 * @param title of the page
 * @param name who is signed in
 */
record Frame(String title, String name) {}

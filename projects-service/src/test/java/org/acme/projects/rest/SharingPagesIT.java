package org.acme.projects.rest;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same of the packaged service: a jar, or a native executable. */
@QuarkusIntegrationTest
class SharingPagesIT extends SharingPagesTest {}

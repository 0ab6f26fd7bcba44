package org.acme.@NAME@;

import org.acme.session.testing.ServiceArchitecture;

class ArchitectureTest extends ServiceArchitecture {

    ArchitectureTest() {
        super("org.acme.@NAME@");
    }
}

package org.acme.users;

import org.acme.session.testing.ServiceArchitecture;

class ArchitectureTest extends ServiceArchitecture {

    ArchitectureTest() {
        super("org.acme.users");
    }
}

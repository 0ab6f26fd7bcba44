package org.acme.projects;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import org.acme.session.testing.ServiceArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ServiceArchitecture {

    ArchitectureTest() {
        super("org.acme.projects");
    }

    @Test
    void rulesAndStoreDoNotKnowTheSession() {
        noClasses()
                .that()
                .resideInAPackage("org.acme.projects.service..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.acme.session..")
                .check(classes());
    }
}

package org.acme.session.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.acme.session.spi.InstanceCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every service may depend on (docs/architecture.md). A service's {@code ArchitectureTest} names its package, and may add to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reads the classes once
public abstract class ServiceArchitecture {

    private final String service;
    private final JavaClasses classes;
    private final ArchRule onlyThePublicSessionApi;

    /** @param service the service's package, such as {@code org.acme.users} */
    protected ServiceArchitecture(String service) {
        this.service = service;
        this.classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(service);
        // A list of what is allowed: whatever package comes to shared-session or beside us is forbidden from the start.
        this.onlyThePublicSessionApi = noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.acme..")
                        .and(not(resideInAnyPackage(service + "..", "org.acme.session", "org.acme.session.log"))));
    }

    /** The service's classes, without its tests. */
    protected JavaClasses classes() {
        return classes;
    }

    @Test
    void theClassesOfTheServiceAreFound() {
        assertFalse(classes.isEmpty(), service);
    }

    @Test
    void ofTheSessionOnlyItsPublicApiIsUsedAndOfOtherServicesNothing() {
        onlyThePublicSessionApi.check(classes);
    }

    @Test
    void neitherProviderNorBrokerIsKnown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus.oidc",
                        "io.quarkus.oidc.runtime..",
                        "org.apache.kafka..",
                        "io.vertx.kafka..",
                        "io.smallrye.reactive.messaging..",
                        "org.eclipse.microprofile.reactive.messaging..")
                .check(classes);
    }

    @Test
    void rulesDoNotKnowHttp() {
        noClasses()
                .that()
                .resideInAPackage(service + ".service..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(service + ".rest..", "jakarta.ws.rs..")
                // A new service has no rules yet.
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void aClassThatKnowsTooMuchIsCaught() {
        assertTrue(onlyThePublicSessionApi
                .evaluate(new ClassFileImporter().importClasses(Offender.class))
                .hasViolation());
    }

    @SuppressWarnings("unused")
    private record Offender(InstanceCache cache) {}
}

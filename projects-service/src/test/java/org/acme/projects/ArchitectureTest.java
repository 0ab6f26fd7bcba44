package org.acme.projects;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.acme.session.spi.InstanceMemory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What this service may depend on (docs/architecture.md). */
class ArchitectureTest {

    private static final String OURS = "org.acme.projects..";

    /** A list of what is allowed: whatever package comes to shared-session or beside us is forbidden from the start. */
    private static final ArchRule ONLY_THE_PUBLIC_SESSION_API = noClasses()
            .that()
            .resideInAPackage(OURS)
            .should()
            .dependOnClassesThat(resideInAPackage("org.acme..")
                    .and(not(resideInAnyPackage(OURS, "org.acme.session", "org.acme.session.log"))));

    private static final ArchRule NO_PROVIDER_AND_NO_BROKER = noClasses()
            .that()
            .resideInAPackage(OURS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.quarkus.oidc",
                    "io.quarkus.oidc.runtime..",
                    "org.apache.kafka..",
                    "io.vertx.kafka..",
                    "io.smallrye.reactive.messaging..",
                    "org.eclipse.microprofile.reactive.messaging..");

    private static final ArchRule RULES_DO_NOT_KNOW_HTTP = noClasses()
            .that()
            .resideInAPackage("org.acme.projects.service..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.acme.projects.rest..", "jakarta.ws.rs..", "org.acme.session..");

    private static JavaClasses classes;

    @BeforeAll
    static void load() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.acme.projects");
        assertTrue(classes.size() > 10, "the classes of this service are found");
    }

    @Test
    void ofTheSessionOnlyItsPublicApiIsUsedAndOfOtherServicesNothing() {
        ONLY_THE_PUBLIC_SESSION_API.check(classes);
    }

    @Test
    void neitherProviderNorBrokerIsKnown() {
        NO_PROVIDER_AND_NO_BROKER.check(classes);
    }

    @Test
    void rulesAndStoreKnowNeitherHttpNorTheSession() {
        RULES_DO_NOT_KNOW_HTTP.check(classes);
    }

    @Test
    void aClassThatKnowsTooMuchIsCaught() {
        JavaClasses withOffender = new ClassFileImporter().importClasses(Offender.class);
        assertTrue(ONLY_THE_PUBLIC_SESSION_API.evaluate(withOffender).hasViolation());
    }

    @SuppressWarnings("unused")
    private record Offender(InstanceMemory memory) {}
}

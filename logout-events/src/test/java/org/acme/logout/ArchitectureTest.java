package org.acme.logout;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.acme.session.CurrentSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the transport of session events may depend on (docs/architecture.md). */
class ArchitectureTest {

    private static final ArchRule ONLY_THE_SPI = noClasses()
            .that()
            .resideInAPackage("org.acme.logout..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.acme..")
                    .and(not(resideInAnyPackage("org.acme.logout..", "org.acme.session.spi", "org.acme.session.log"))));

    /** Redis as a channel, never as a store: what is kept there is shared-session's. */
    private static final ArchRule NEITHER_REDIS_NOR_PROVIDER = noClasses()
            .that()
            .resideInAPackage("org.acme.logout..")
            .and(not(belongToAnyOf(RedisChannel.class, EventTransport.class)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.quarkus.redis..", "io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.oidc..");

    private static JavaClasses classes;

    @BeforeAll
    static void load() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.acme.logout");
        assertTrue(classes.size() > 5, "the classes of this module are found");
    }

    @Test
    void ofTheSessionOnlyItsSpiIsKnown() {
        ONLY_THE_SPI.check(classes);
    }

    @Test
    void neitherRedisAsAStoreNorTheProviderIsKnown() {
        NEITHER_REDIS_NOR_PROVIDER.check(classes);
    }

    @Test
    void aClassThatKnowsTooMuchIsCaught() {
        JavaClasses withOffender = new ClassFileImporter().importClasses(Offender.class);
        assertTrue(ONLY_THE_SPI.evaluate(withOffender).hasViolation());
    }

    @SuppressWarnings("unused")
    private record Offender(CurrentSession session) {}
}

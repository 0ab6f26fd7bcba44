package org.acme.layout;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.junit.jupiter.api.Test;

/** The layout shows who is signed in, and knows nothing of how that is known (docs/architecture.md). */
class ArchitectureTest {

    private static final ArchRule ONLY_WHAT_THE_SESSION_OFFERS = noClasses()
            .that()
            .resideInAPackage("org.acme.layout..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.acme..")
                    .and(not(resideInAnyPackage("org.acme.layout..", "org.acme.session", "org.acme.session.spi"))));

    @Test
    void onlyWhatTheSessionOffersIsUsed() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.acme.layout");
        assertTrue(classes.size() > 5, "the classes of this module are found");
        ONLY_WHAT_THE_SESSION_OFFERS.check(classes);
    }

    @Test
    void aClassThatKnowsTooMuchIsCaught() {
        assertTrue(ONLY_WHAT_THE_SESSION_OFFERS
                .evaluate(new ClassFileImporter().importClasses(Offender.class))
                .hasViolation());
    }

    @SuppressWarnings("unused")
    private record Offender(SessionResolver finder) {}
}

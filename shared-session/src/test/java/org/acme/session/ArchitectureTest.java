package org.acme.session;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.arc.DefaultBean;
import io.quarkus.oidc.TokenStateManager;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which package may depend on which inside shared-session (docs/architecture.md). */
class ArchitectureTest {

    private static final String CONTRACT = "org.acme.session.contract..";
    private static final String INTERNAL = "org.acme.session.internal";
    private static final String SPI = "org.acme.session.spi..";

    /** A list of what is allowed, so that whatever comes later is forbidden from the start. */
    private static final ArchRule THE_CONTRACT_IS_FREE_OF_QUARKUS = classes()
            .that()
            .resideInAPackage(CONTRACT)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(CONTRACT, "java..", "javax.crypto..", "com.fasterxml.jackson..")
                    .or(DescribedPredicate.describe("are arrays or primitives", type -> type.getPackageName()
                            .isEmpty())));

    private static final ArchRule THE_SPI_KNOWS_NOTHING_OF_US = noClasses()
            .that()
            .resideInAPackage(SPI)
            .should()
            .dependOnClassesThat(resideInAPackage("org.acme..").and(DescribedPredicate.not(resideInAPackage(SPI))));

    /** What services use knows what it is configured with, and nothing of how it is done. */
    private static final ArchRule THE_API_KNOWS_NO_INTERNALS = noClasses()
            .that()
            .resideInAPackage("org.acme.session")
            .should()
            .dependOnClassesThat(resideInAPackage(INTERNAL + "..")
                    .and(DescribedPredicate.not(resideInAPackage(INTERNAL + ".config"))));

    /** Features that nothing else needs: without their package, all else compiles. */
    private static final List<String> FEATURES =
            List.of("backchannel", "forwardauth", "guests", "introspection", "live");

    private static final ArchRule NO_BROKER = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.vertx.kafka..",
                    "io.smallrye.reactive.messaging..",
                    "org.eclipse.microprofile.reactive.messaging..",
                    "org.acme.logout..");

    private static final ArchRule NO_LOOK =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.quarkus.qute..", "org.acme.layout..");

    private static final ArchRule ONLY_THE_STORE_SPEAKS_TO_REDIS = noClasses()
            .that()
            .resideOutsideOfPackage("org.acme.session.internal.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.redis..");

    /** A service that makes such a thing for itself would not build. Of filters there may be many, and ours stays beside its. */
    private static final ArchRule WHAT_OTHERS_MAKE_TOO_GIVES_WAY = methods()
            .that()
            .areAnnotatedWith(Produces.class)
            .and()
            .haveRawReturnType(DescribedPredicate.not(resideInAPackage("org.acme..")))
            .and()
            .doNotHaveRawReturnType(MeterFilter.class)
            .should()
            .beAnnotatedWith(DefaultBean.class);

    private static final ArchRule NO_CYCLES = SlicesRuleDefinition.slices()
            .assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return SliceIdentifier.of(type.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "packages";
                }
            })
            .should()
            .beFreeOfCycles();

    /** What implements quarkus-oidc's TokenStateManager is found by that name. */
    private static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .that()
            .areNotAssignableTo(TokenStateManager.class)
            .should()
            .haveNameMatching(".*(Impl|Utils?|Helpers?|Manager)");

    /** The public API, the contract and the SPI are for others; the rest is public only where a neighbour needs it. */
    private static final ArchRule NOTHING_IS_PUBLIC_FOR_NOTHING = classes()
            .that(DescribedPredicate.describe(
                    "are public and not offered to others",
                    type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                            && type.isTopLevelClass()
                            && !type.isAnnotatedWith(OpenApiFilter.class) // made by reflection
                            && !type.isAssignableTo(SmallRyeConfigBuilderCustomizer.class) // found by ServiceLoader
                            && !type.getPackageName().equals("org.acme.session")
                            && !resideInAnyPackage(CONTRACT, SPI).test(type)))
            .should(new ArchCondition<>("be used by another package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean used = type.getDirectDependenciesToSelf().stream()
                            .anyMatch(use ->
                                    !use.getOriginClass().getPackageName().equals(type.getPackageName()));
                    events.add(new SimpleConditionEvent(type, used, type.getName() + " is public for nobody"));
                }
            });

    private static JavaClasses all;

    @BeforeAll
    static void load() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.acme.session");
        assertTrue(all.size() > 50, "the classes of this module are found");
    }

    @Test
    void theContractIsFreeOfQuarkusAndOfUs() {
        THE_CONTRACT_IS_FREE_OF_QUARKUS.check(all);
    }

    @Test
    void theSpiKnowsNothingOfUs() {
        THE_SPI_KNOWS_NOTHING_OF_US.check(all);
    }

    @Test
    void whatServicesUseKnowsNoInternals() {
        THE_API_KNOWS_NO_INTERNALS.check(all);
    }

    @Test
    void featuresCanBeLeftOut() {
        FEATURES.forEach(feature -> {
            String itself = INTERNAL + "." + feature;
            assertFalse(all.that(resideInAPackage(itself)).isEmpty(), itself);
            noClasses()
                    .that()
                    .resideOutsideOfPackage(itself)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(itself)
                    .check(all);
        });
    }

    @Test
    void noBrokerIsKnown() {
        NO_BROKER.check(all);
    }

    @Test
    void noLookIsKnown() {
        NO_LOOK.check(all);
    }

    @Test
    void onlyTheStoreSpeaksToRedis() {
        ONLY_THE_STORE_SPEAKS_TO_REDIS.check(all);
    }

    @Test
    @DisplayName("F47: what the library produces of others' types gives way to a service's own")
    void whatOthersMakeTooGivesWay() {
        WHAT_OTHERS_MAKE_TOO_GIVES_WAY.check(all);
    }

    @Test
    void packagesDoNotGoRoundInCircles() {
        NO_CYCLES.check(all);
    }

    @Test
    void namesSayWhatAClassIs() {
        NAMES_SAY_WHAT_A_CLASS_IS.check(all);
    }

    @Test
    void nothingIsPublicForNothing() {
        NOTHING_IS_PUBLIC_FOR_NOTHING.check(all);
    }

    @Test
    void rulesThatMatchNothingAreNotRules() {
        JavaClasses offenders = new ClassFileImporter().importClasses(OffenderHelper.class);
        assertTrue(NAMES_SAY_WHAT_A_CLASS_IS.evaluate(offenders).hasViolation());
        assertTrue(ONLY_THE_STORE_SPEAKS_TO_REDIS.evaluate(offenders).hasViolation());
    }

    @SuppressWarnings("unused")
    private record OffenderHelper(io.vertx.redis.client.Redis redis) {}
}

package io.orrery.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.core.ApplicationModules;

class ModuleBoundariesTest {
    private static final JavaClasses REGISTRY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.orrery.registry");

    @Test
    void featuresKeepToTheirPublicTypes() {
        ApplicationModules.of(RegistryApplication.class).verify();
    }

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching("io.orrery.registry.(*)..").should().beFreeOfCycles().check(REGISTRY);
    }

    @Test
    void onlyWhatReadsFilesOfTheEngineIsUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.orrery.engine.ops..",
                        "io.orrery.engine.cpu..",
                        "io.orrery.engine.kvcache..",
                        "io.orrery.engine.generate..",
                        "io.orrery.engine.train..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.orrery.inference..", "io.orrery.finetune..", "io.orrery.gateway..", "io.orrery.hub..")
                .check(REGISTRY);
    }

    @Test
    void theWireKnowsNoFeature() {
        noClasses()
                .that()
                .resideInAPackage("io.orrery.registry.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.orrery.registry.repository..",
                        "io.orrery.registry.catalog..",
                        "io.orrery.registry.commit..",
                        "io.orrery.registry.lfs..",
                        "io.orrery.registry.resolve..",
                        "io.orrery.registry.inspection..",
                        "io.orrery.registry.audit..",
                        "io.orrery.registry.policy..")
                .check(REGISTRY);
    }

    @Test
    void noDumpingGrounds() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..shared..", "..misc..")
                .check(REGISTRY);
    }

    @Test
    void constructorInjectionOnly() {
        noFields().should().beAnnotatedWith(Autowired.class).check(REGISTRY);
    }
}

package io.orrery.finetune;

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
    private static final JavaClasses FINETUNE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.orrery.finetune");

    @Test
    void featuresKeepToTheirPublicTypes() {
        ApplicationModules.of(FinetuneApplication.class).verify();
    }

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching("io.orrery.finetune.(*)..").should().beFreeOfCycles().check(FINETUNE);
    }

    @Test
    void onlyTheWorkerKnowsTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.orrery.finetune.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.orrery.engine..")
                .check(FINETUNE);
    }

    @Test
    void onlyTheRegistryFeatureKnowsTheHubsWire() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.orrery.finetune.registry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.orrery.hub..", "io.orrery.api.hub..")
                .check(FINETUNE);
    }

    @Test
    void noOtherServiceIsKnown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.orrery.inference..", "io.orrery.registry..", "io.orrery.gateway..")
                .check(FINETUNE);
    }

    @Test
    void noDumpingGrounds() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..shared..", "..misc..")
                .check(FINETUNE);
    }

    @Test
    void constructorInjectionOnly() {
        noFields().should().beAnnotatedWith(Autowired.class).check(FINETUNE);
    }
}

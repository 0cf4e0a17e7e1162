package io.orrery.inference;

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
    private static final JavaClasses INFERENCE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.orrery.inference");

    @Test
    void featuresKeepToTheirPublicTypes() {
        ApplicationModules.of(InferenceApplication.class).verify();
    }

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching("io.orrery.inference.(*)..").should().beFreeOfCycles().check(INFERENCE);
    }

    @Test
    void noOtherServiceAndNoTrainingIsUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.orrery.registry..",
                        "io.orrery.finetune..",
                        "io.orrery.gateway..",
                        "io.orrery.engine.train..")
                .check(INFERENCE);
    }

    @Test
    void theWireKnowsNoFeature() {
        noClasses()
                .that()
                .resideInAPackage("io.orrery.inference.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.orrery.engine..",
                        "io.orrery.inference.access..",
                        "io.orrery.inference.completion..",
                        "io.orrery.inference.device..",
                        "io.orrery.inference.model..",
                        "io.orrery.inference.worker..")
                .check(INFERENCE);
    }

    @Test
    void noDumpingGrounds() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..shared..", "..misc..", "..core..")
                .check(INFERENCE);
    }

    @Test
    void constructorInjectionOnly() {
        noFields().should().beAnnotatedWith(Autowired.class).check(INFERENCE);
    }
}

package io.orrery.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.orrery.gateway");

    @Test
    void modulesKeepToTheirPublicApi() {
        ApplicationModules.of(GatewayApplication.class).verify();
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.orrery.gateway.(*)..").should().beFreeOfCycles().check(GATEWAY);
    }

    @Test
    void theGatewayKnowsOtherServicesOnlyByTheirWires() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.orrery.engine..",
                        "io.orrery.registry..",
                        "io.orrery.inference..",
                        "io.orrery.finetune..",
                        "io.orrery.hub..")
                .check(GATEWAY);
    }

    @Test
    void noDumpingGrounds() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..shared..", "..misc..", "..core..")
                .check(GATEWAY);
    }

    @Test
    void constructorInjectionOnly() {
        noFields().should().beAnnotatedWith(Autowired.class).check(GATEWAY);
    }

    @Test
    void theAdministrationsContractIsOnlyShapes() {
        classes()
                .that()
                .resideInAPackage("io.orrery.api.admin..")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .beRecords()
                .orShould()
                .beInterfaces()
                .check(new ClassFileImporter().importPackages("io.orrery.api.admin"));
    }
}

package dev.fewbit.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

/** Who may use whom. It is here because the command line tool sees every shipped module. */
class ArchitectureTest {

    private static final JavaClasses FEWBIT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.fewbit");

    /** What every module may use; the empty name is the package of primitive types. */
    private static final String[] ANY = {"", "java..", "org.jspecify.."};

    private static void onlyUses(String module, String... others) {
        String[] allowed = new String[ANY.length + 1 + others.length];
        System.arraycopy(ANY, 0, allowed, 0, ANY.length);
        allowed[ANY.length] = module;
        System.arraycopy(others, 0, allowed, ANY.length + 1, others.length);
        classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true)
                .check(FEWBIT);
    }

    @Test
    void coreUsesTheJdkOnly() {
        onlyUses("dev.fewbit.core..", "jdk.incubator.vector..");
    }

    @Test
    void onnxUsesCore() {
        onlyUses("dev.fewbit.onnx..", "dev.fewbit.core..");
    }

    @Test
    void runtimeUsesCoreOnnxAndLibraries() {
        onlyUses(
                "dev.fewbit.runtime..",
                "dev.fewbit.core..",
                "dev.fewbit.onnx..",
                "ai.onnxruntime..",
                "org.snakeyaml.engine..",
                "ai.djl..",
                "javax.imageio..");
    }

    @Test
    void trainUsesCoreOnnxAndLibtorch() {
        onlyUses("dev.fewbit.train..", "dev.fewbit.core..", "dev.fewbit.onnx..", "org.bytedeco..");
    }

    /** Applications that do not train do not have libtorch on their class path. */
    @Test
    void onlyOnePackageOfTheFacadeTrains() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.fewbit.train..", "dev.fewbit.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fewbit.train..", "org.bytedeco..")
                .check(FEWBIT);
    }

    /** Applications without text do not have the tokenizers on their class path. */
    @Test
    void onlyOnePackageTokenizes() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fewbit.runtime.text..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .check(FEWBIT);
    }

    @Test
    void onlyOnnxTouchesProtobuf() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fewbit.onnx..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.protobuf..")
                .allowEmptyShould(true)
                .check(FEWBIT);
    }

    @Test
    void onlyRuntimeTouchesOnnxRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fewbit.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .allowEmptyShould(true)
                .check(FEWBIT);
    }

    @Test
    void reportKnowsNothingOfModelsOrTheTool() {
        noClasses()
                .that()
                .resideInAPackage("dev.fewbit.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.fewbit",
                        "dev.fewbit.onnx..",
                        "dev.fewbit.runtime..",
                        "dev.fewbit.cli..")
                .allowEmptyShould(true)
                .check(FEWBIT);
    }

    @Test
    void nothingUsesTheTool() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fewbit.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.fewbit.cli..")
                .allowEmptyShould(true)
                .check(FEWBIT);
    }

    @Test
    void onlyTheToolUsesTheFacade() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.fewbit",
                        "dev.fewbit.planning..",
                        "dev.fewbit.rounding",
                        "dev.fewbit.search",
                        "dev.fewbit.training",
                        "dev.fewbit.tuning",
                        "dev.fewbit.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.fewbit",
                        "dev.fewbit.planning..",
                        "dev.fewbit.rounding",
                        "dev.fewbit.search",
                        "dev.fewbit.training",
                        "dev.fewbit.tuning")
                .allowEmptyShould(true)
                .check(FEWBIT);
    }

    @Test
    void onlyTheDemoRunsModelsItself() {
        noClasses()
                .that()
                .resideInAPackage("dev.fewbit.cli..")
                .and()
                .resideOutsideOfPackage("dev.fewbit.cli.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.fewbit.runtime..")
                .check(FEWBIT);
    }

    @Test
    void onlyTheRehearsalBuildsModelsInTheTool() {
        noClasses()
                .that()
                .resideInAPackage("dev.fewbit.cli..")
                .and()
                .resideOutsideOfPackage("dev.fewbit.cli.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fewbit.onnx.graph..", "dev.fewbit.onnx.io..")
                .check(FEWBIT);
    }

    @Test
    void terminalsAndTextKnowNothingOfPicocliAndCommands() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.fewbit.cli.terminal..", "dev.fewbit.cli.show..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "dev.fewbit.cli", "dev.fewbit.cli.command..")
                .check(FEWBIT);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that()
                .resideInAPackage("dev.fewbit..")
                .and()
                .doNotHaveFullyQualifiedName("dev.fewbit.cli.Main")
                .and()
                .doNotHaveFullyQualifiedName("dev.fewbit.runtime.probe.ProbeMain")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(FEWBIT);
    }

    @Test
    void modulesFormNoCycle() {
        slices().matching("dev.fewbit.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(FEWBIT);
    }
}

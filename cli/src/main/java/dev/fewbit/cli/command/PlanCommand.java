package dev.fewbit.cli.command;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.Quantization;
import dev.fewbit.Recipe;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.show.PlanJson;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.tuning.TunedPlan;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code fewbit plan MODEL}: what quantize would do, to be read, edited and fed back. */
final class PlanCommand implements Subcommand {

    /** Options that say what activations are calibrated on, and what rounding goes by. */
    private static final List<String> CALIBRATION =
            List.of("--data", "--task", "--samples", "--tokenizer", "--threads");

    /**
     * Options of quantize that change nothing about the plan, accepted so that a line can be
     * reused.
     */
    private static final List<String> WITHOUT_EFFECT =
            List.of("--report", "--min-cosine", "--min-sqnr", "--min-metric", "--max-metric-loss");

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Prints what quantize would do, to be edited and fed back.")
                .customSynopsis("fewbit plan MODEL [OPTIONS]")
                .description(
                        "Prints the plan that quantize would carry out: for every weight its"
                            + " format, granularity and encoding, and why. YAML; edit it, and feed"
                            + " it back with quantize --plan. With static activations it is the"
                            + " plan that calibration and trials on --data lead to.")
                .footer(
                        "  fewbit plan model.onnx --recipe int4-weights > plan.yaml",
                        "  fewbit quantize model.onnx -o small.onnx --plan plan.yaml");
        spec.addPositional(Specs.file("MODEL", 0, "The float model; it is only read."));
        spec.addOption(
                Specs.option(
                        "FILE",
                        "Write the plan to this file instead of standard output.",
                        "-o",
                        "--output"));
        RecipeOptions.describe(spec);
        ComparisonOptions.describe(spec);
        Gates.describe(spec);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        RecipeOptions.check(arguments);
        ComparisonOptions.check(arguments);
        Path model = arguments.positional(0, "MODEL");
        Path output = OutputFiles.text("-o", arguments.path("--output"));
        Path given = arguments.path("--plan");
        WITHOUT_EFFECT.forEach(option -> hasNoEffect(option, arguments, console));
        Plan plan = given == null ? plan(model, arguments, console) : PlanYaml.read(given);
        write(plan, output, console);
        console.talk()
                .line(
                        Numbers.counted(plan.weights().size(), "weight")
                                + " to quantize, "
                                + Numbers.count(plan.skipped().size())
                                + " left as they are.");
        return ExitCode.DONE;
    }

    private static void hasNoEffect(String option, Arguments arguments, Console console) {
        if (arguments.has(option)) {
            console.talk().line(option + " has no effect on this plan.");
        }
    }

    private static Plan plan(Path model, Arguments arguments, Console console) {
        Recipe recipe = RecipeChoice.of(arguments, model);
        Quantization quantization = Fewbit.quantize(model).recipe(recipe);
        if (recipe.activations() != Activations.STATIC && !recipe.rounding().needsData()) {
            CALIBRATION.forEach(option -> hasNoEffect(option, arguments, console));
            return quantization.plan().plan();
        }
        quantization.threads(ComparisonOptions.threads(arguments)).progress(console.progress());
        RecipeOptions.calibrate(quantization, arguments);
        TunedPlan tuned = quantization.plan();
        tuned.warnings().forEach(console::warn);
        tuned.notes().stream()
                .limit(console.verbose() ? Long.MAX_VALUE : 1)
                .forEach(note -> console.talk().prose("", note + "."));
        return tuned.plan();
    }

    private static void write(Plan plan, @Nullable Path output, Console console)
            throws IOException {
        if (output != null) {
            Files.writeString(output, PlanYaml.write(plan));
        }
        if (console.json()) {
            console.document().println(PlanJson.write(plan));
        } else if (output == null) {
            console.document().print(PlanYaml.write(plan));
        }
    }
}

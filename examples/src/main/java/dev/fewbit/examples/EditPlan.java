package dev.fewbit.examples;

import dev.fewbit.Fewbit;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.planning.PlanYaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides about single weights: makes a plan, keeps one weight float, gives the others blocks of
 * another size, and writes the plan down for people before carrying it out.
 */
public final class EditPlan {

    private EditPlan() {}

    /**
     * Makes, edits, stores and carries out a plan.
     *
     * @param model the float model
     * @param keptFloat name of the weight that stays float
     * @param block inputs of an output channel that share a scale, in all other weights
     * @param yaml where the plan goes; {@code fewbit quantize --plan} takes it too
     * @param small where the quantized model goes
     * @return what was done
     * @throws IOException if the plan cannot be written
     */
    static QuantizationResult run(Path model, String keptFloat, int block, Path yaml, Path small)
            throws IOException {
        Plan plan = Fewbit.plan(model, Recipe.INT4_WEIGHTS);
        Plan edited = withBlocks(withoutWeight(plan, keptFloat), block);
        Files.writeString(yaml, PlanYaml.write(edited));

        // From here on the file counts: a person may have edited it in between.
        return Fewbit.quantize(model).plan(PlanYaml.read(yaml)).writeTo(small);
    }

    /**
     * The plan with one weight left float, and the reason written down.
     *
     * @throws IllegalArgumentException naming the planned weights if it is not one of them
     */
    static Plan withoutWeight(Plan plan, String tensor) {
        WeightPlan dropped =
                plan.weights().stream()
                        .filter(weight -> weight.tensor().equals(tensor))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(unknown(plan, tensor)));
        List<WeightPlan> weights = new ArrayList<>(plan.weights());
        weights.remove(dropped);
        List<SkippedWeight> skipped = new ArrayList<>(plan.skipped());
        skipped.add(
                new SkippedWeight(
                        dropped.tensor(),
                        dropped.uses().getFirst().operator(),
                        dropped.shape(),
                        floatBytes(dropped),
                        "kept float by hand"));
        return new Plan(plan.model(), plan.recipe(), plan.seed(), weights, skipped);
    }

    /** The plan with another block size for every weight that is planned in blocks. */
    static Plan withBlocks(Plan plan, int size) {
        List<WeightPlan> weights =
                plan.weights().stream().map(weight -> withBlock(weight, size)).toList();
        return new Plan(plan.model(), plan.recipe(), plan.seed(), weights, plan.skipped());
    }

    private static WeightPlan withBlock(WeightPlan weight, int size) {
        if (weight.grouping().kind() != Grouping.Kind.BLOCK) {
            return weight;
        }
        return new WeightPlan(
                weight.tensor(),
                weight.shape(),
                weight.format(),
                Grouping.block(size),
                weight.range(),
                weight.uses(),
                "blocks of " + size + " by hand");
    }

    private static long floatBytes(WeightPlan weight) {
        return weight.shape().stream().reduce((long) Float.BYTES, Math::multiplyExact);
    }

    private static String unknown(Plan plan, String tensor) {
        return "the plan has no weight '"
                + tensor
                + "'; it has "
                + plan.weights().stream().map(WeightPlan::tensor).toList();
    }

    /**
     * Runs the example.
     *
     * @param arguments MODEL WEIGHT BLOCK PLAN OUT: the float model, the weight that stays float,
     *     the block size of the others, and the two files to write
     * @throws IOException if the plan cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            System.err.println("usage: EditPlan MODEL.onnx WEIGHT BLOCK PLAN.yaml OUT.onnx");
            return;
        }
        QuantizationResult result =
                run(
                        Path.of(arguments[0]),
                        arguments[1],
                        Integer.parseInt(arguments[2]),
                        Path.of(arguments[3]),
                        Path.of(arguments[4]));
        System.out.printf("%.1f times smaller%n", result.compressionRatio());
    }
}

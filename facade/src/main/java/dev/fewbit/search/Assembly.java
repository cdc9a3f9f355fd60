package dev.fewbit.search;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.compact.Compaction;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.rounding.RoundableLayer.Rounded;
import dev.fewbit.rounding.RoundedPlan;
import dev.fewbit.tuning.PlanExecution;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts a network together from one option of every weight. */
final class Assembly {
    private final PreparedModel prepared;
    private final StartingPoint start;
    private final Measurements known;

    Assembly(PreparedModel prepared, StartingPoint start, Measurements known) {
        this.prepared = prepared;
        this.start = start;
        this.known = known;
    }

    /** The plan; weights are still to be rounded. */
    Plan plan(List<FormatOption> options) {
        List<WeightPlan> weights = new ArrayList<>();
        List<SkippedWeight> skipped = new ArrayList<>(start.plan().skipped());
        Map<String, WeightPlan> starts = new HashMap<>();
        start.plan().weights().forEach(weight -> starts.put(weight.tensor(), weight));
        for (FormatOption option : options) {
            if (option.plan() != null) {
                weights.add(option.plan());
            } else {
                WeightPlan before = starts.get(option.tensor());
                if (before != null) {
                    skipped.add(leftFloat(before));
                }
            }
        }
        Plan plan = start.plan();
        return new Plan(plan.model(), "search", plan.seed(), plan.graph(), weights, skipped);
    }

    private static SkippedWeight leftFloat(WeightPlan weight) {
        return new SkippedWeight(
                weight.tensor(),
                weight.uses().getFirst().operator(),
                weight.shape(),
                weight.shape().stream().reduce((long) Float.BYTES, Math::multiplyExact),
                "the search found that its bytes are worth it");
    }

    /** The plan with weights that were rounded independently of each other. */
    RoundedPlan rounded(List<FormatOption> options) throws IOException {
        Plan plan = plan(options);
        List<Correction> corrections = new ArrayList<>(plan.graph().corrections());
        for (FormatOption option : options) {
            if (option.plan() != null) {
                known.weight(option.key()).flatMap(Rounded::shift).ifPresent(corrections::add);
            }
        }
        GraphPlan graph = plan.graph();
        return new RoundedPlan(
                plan.with(
                        new GraphPlan(
                                graph.preparation(),
                                corrections,
                                graph.activations(),
                                graph.operators())),
                new KeptWeights(known, options),
                List.of());
    }

    /**
     * Bytes that a plan takes as a model, without writing it.
     *
     * @param compact whether what no runtime needs is left out
     */
    long bytes(Plan plan, boolean compact) throws IOException {
        Model model = prepared.read();
        PlanExecution.applyPrepared(model, plan, Measuring.NOTHING, RoundedWeights.NONE);
        if (compact) {
            Compaction.apply(model);
        }
        return OnnxWriter.size(model);
    }

    /** Writes it to be tried out; the next call replaces the file. */
    Path write(RoundedPlan rounded) throws IOException {
        Model model = prepared.read();
        PlanExecution.applyPrepared(model, rounded.plan(), Measuring.NOTHING, rounded.weights());
        return prepared.write(model, "assembled.onnx");
    }
}

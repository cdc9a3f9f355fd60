package dev.fewbit.onnx.prepare;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.onnx.graph.InvalidGraphException;
import dev.fewbit.onnx.graph.Model;

import java.util.ArrayList;
import java.util.List;

/**
 * Carries out the preparation passes of a plan on a float model.
 *
 * <p>The result depends on the model alone, so the same passes on the same model give the same
 * names and the same bytes. Values that are left keep their names, outputs above all. Constants
 * change in memory; tensors that no pass touches stay in their files.
 *
 * <p>The graph's invariants are checked after every single rewrite.
 */
public final class GraphPreparation {

    /** Each round needs the one before to have changed something, so few are ever made. */
    private static final int MOST_ROUNDS = 16;

    private final ConstantEvaluator evaluator;

    /** Prepares with the help of something that can compute constants. */
    public GraphPreparation(ConstantEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * Changes a model.
     *
     * @param model the model; is changed
     * @param passes what to do; carried out in the order of {@link Preparation}
     * @return what was done, and what was found but left and why
     * @throws PreparationException when a pass breaks the graph, which is a mistake in Fewbit
     */
    public List<PreparationNote> apply(Model model, List<Preparation> passes) {
        List<PreparationNote> list = new ArrayList<>();
        if (!passes.isEmpty() && !model.graph().isSorted()) {
            model.graph().sort();
        }
        for (Preparation pass : passes.stream().sorted().distinct().toList()) {
            Notes notes = new Notes(pass, list);
            switch (pass) {
                case FOLD_CONSTANTS -> foldConstants(model, notes);
                case FOLD_BATCH_NORM -> foldBatchNorm(model, notes);
                case UNCLIP_RELU -> run(new ReplaceClipByRelu(), model, notes);
                case EQUALIZE -> run(new EqualizeChannels(), model, notes);
            }
        }
        return List.copyOf(list);
    }

    private void foldConstants(Model model, Notes notes) {
        int before = model.graph().nodes().size();
        run(new TurnConstantsIntoInitializers(), model, notes);
        Rewrite compute = new ComputeConstantNodes(evaluator);
        boolean changed = true;
        for (int round = 0; changed && round < MOST_ROUNDS; round++) {
            changed = run(new RemoveNeutralNodes(), model, notes);
            changed |= run(compute, model, notes);
            changed |= run(new StateKnownDimensions(), model, notes);
        }
        run(new MovePaddingIntoWindow(), model, notes);
        run(new RemoveUnusedParts(), model, notes);
        int after = model.graph().nodes().size();
        if (after < before) {
            notes.done("Of " + before + " nodes, " + after + " are left after constant folding.");
        }
    }

    private void foldBatchNorm(Model model, Notes notes) {
        boolean changed = true;
        for (int round = 0; changed && round < MOST_ROUNDS; round++) {
            changed = run(new FoldScalingIntoLayerBefore(), model, notes);
            changed |= run(new FoldBatchNormIntoLayerBehind(), model, notes);
        }
        run(new SilenceConstantChannels(), model, notes);
        run(new ExplainBatchNormsLeft(), model, notes);
        run(new RemoveUnusedParts(), model, notes);
    }

    private static boolean run(Rewrite rewrite, Model model, Notes notes) {
        boolean changed = rewrite.apply(model, notes);
        if (!changed) {
            return false;
        }
        try {
            model.graph().verify();
        } catch (InvalidGraphException broken) {
            throw new PreparationException(
                    "The pass "
                            + notes.pass()
                            + " (to "
                            + rewrite.title()
                            + ") broke the graph of "
                            + model
                            + ": "
                            + broken.getMessage()
                            + ". Leave the pass out of the plan, and report this",
                    broken);
        }
        return true;
    }
}

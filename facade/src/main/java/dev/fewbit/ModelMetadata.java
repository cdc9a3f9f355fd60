package dev.fewbit;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.planning.Planner;

import java.util.Optional;

/** Keys of the metadata that Fewbit leaves in the models that it writes. */
public final class ModelMetadata {
    /** Version of Fewbit. */
    public static final String VERSION = "fewbit.version";

    /** The recipe, as {@link Recipe#describe} describes it. */
    public static final String RECIPE = "fewbit.recipe";

    /** Hash of the plan that was carried out, see {@link Plan#hash}. */
    public static final String PLAN_HASH = "fewbit.plan.sha256";

    /** Seed of everything random. */
    public static final String SEED = "fewbit.seed";

    private ModelMetadata() {}

    static void stamp(Model model, Plan plan) {
        model.putMetadata(VERSION, Version.current());
        model.putMetadata(RECIPE, plan.recipe());
        model.putMetadata(PLAN_HASH, plan.hash());
        model.putMetadata(SEED, Long.toString(plan.seed()));
    }

    /**
     * The plan by which a model was quantized: if the recipe that it names makes a plan with the
     * hash that it names, that plan was carried out.
     *
     * @return empty if the metadata says nothing, or the plan was edited
     */
    static Optional<Plan> planOf(Model quantized, Model original) {
        Optional<String> recipe = quantized.metadata(RECIPE);
        Optional<String> hash = quantized.metadata(PLAN_HASH);
        Optional<String> seed = quantized.metadata(SEED);
        if (recipe.isEmpty() || hash.isEmpty() || seed.isEmpty()) {
            return Optional.empty();
        }
        Recipe named;
        try {
            named = Recipe.parse(recipe.get()).withSeed(Long.parseLong(seed.get()));
        } catch (IllegalArgumentException ofAnotherVersion) {
            return Optional.empty();
        }
        return Optional.of(Planner.plan(original, named))
                .filter(plan -> plan.hash().equals(hash.get()));
    }
}

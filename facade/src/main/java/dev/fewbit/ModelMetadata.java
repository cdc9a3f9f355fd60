package dev.fewbit;

/** Keys of the metadata that Fewbit leaves in the models that it writes. */
public final class ModelMetadata {
    /** Version of Fewbit. */
    public static final String VERSION = "fewbit.version";

    /** The recipe, as {@link Recipe#describe} describes it. */
    public static final String RECIPE = "fewbit.recipe";

    /** Hash of the plan that was carried out, see {@link dev.fewbit.core.plan.Plan#hash}. */
    public static final String PLAN_HASH = "fewbit.plan.sha256";

    /** Seed of everything random. */
    public static final String SEED = "fewbit.seed";

    private ModelMetadata() {}
}

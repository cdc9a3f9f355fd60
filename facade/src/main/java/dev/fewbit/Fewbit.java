package dev.fewbit;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.io.OnnxReader;

import java.nio.file.Path;

/**
 * Neural networks in few bits.
 *
 * <pre>{@code
 * Path original = Path.of("model.onnx");
 * Path small = Path.of("model-int8.onnx");
 * QuantizationResult result = Fewbit.quantize(original).recipe(Recipe.INT8_DYNAMIC).writeTo(small);
 * Findings findings = Fewbit.compare(original, small).explainedBy(result).run();
 * System.out.println(findings.verdict());
 * }</pre>
 *
 * <p>Everything throws {@link FewbitException} with a message for people when a file or a plan is
 * to blame.
 */
public final class Fewbit {
    private Fewbit() {}

    /**
     * Looks at a model without changing or running it: its weights, and what can be done to them.
     *
     * @throws FewbitException if the model cannot be read
     */
    public static Inspection inspect(Path model) {
        return Failures.translate(() -> ModelInspection.inspect(OnnxReader.read(model), model));
    }

    /**
     * What a recipe means for a model, weight by weight; nothing is done yet. For static
     * activations the model is run on random inputs: {@link Quantization#plan()} goes by data.
     *
     * @throws FewbitException if the model cannot be read
     */
    public static Plan plan(Path model, Recipe recipe) {
        return quantize(model).recipe(recipe).plan().plan();
    }

    /**
     * What a recipe means for a model: that depends on the kind of network for some, see {@link
     * Recipe#isOpen}.
     *
     * @throws FewbitException if the model has to be read for it, and cannot be
     */
    public static Recipe settle(Path model, Recipe recipe) {
        return recipe.isOpen()
                ? Failures.translate(() -> recipe.forModel(OnnxReader.read(model)))
                : recipe;
    }

    /** Begins to describe a quantization. */
    public static Quantization quantize(Path model) {
        return new Quantization(model);
    }

    /**
     * Begins to describe a search for the best model of a size, in which every weight gets a format
     * of its own.
     *
     * @param model the float model
     * @param data samples, in any form that {@link ModelComparing#data} takes
     */
    public static PrecisionSearching search(Path model, Path data) {
        return new PrecisionSearching(model, data);
    }

    /**
     * Begins to describe a training of a network with its quantizers in the loop.
     *
     * @param model the float model
     * @param data samples to train on, in any form that {@link ModelComparing#data} takes
     */
    public static Training train(Path model, Path data) {
        return new Training(model, data);
    }

    /** Begins to describe a comparison of a float model with its quantized counterpart. */
    public static ModelComparing compare(Path original, Path quantized) {
        return new ModelComparing(original, quantized);
    }
}

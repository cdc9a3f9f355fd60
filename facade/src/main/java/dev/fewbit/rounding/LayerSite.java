package dev.fewbit.rounding;

import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.layer.LinearLayer;

import org.jspecify.annotations.Nullable;

/**
 * A layer that is to be rounded with regard to data.
 *
 * @param layer the layer in the prepared and corrected float model
 * @param plan what is decided for its weights
 * @param stage layers of one stage do not depend on each other; from 0
 * @param residual what its outputs are added to; null if they are not just added to something that
 *     is known when this stage is rounded
 */
record LayerSite(LinearLayer layer, WeightPlan plan, int stage, @Nullable Residual residual) {

    /**
     * The sum that takes all outputs of a layer.
     *
     * @param node label of the addition
     * @param sum name of its output in the float network
     * @param other which of its inputs is not from the layer
     */
    record Residual(String node, String sum, int other) {}

    /** The layer on its own, whatever its output is added to. */
    LayerSite alone() {
        return new LayerSite(layer, plan, stage, null);
    }

    /** The layer with another decision about its weights. */
    LayerSite with(WeightPlan other) {
        return new LayerSite(layer, other, stage, residual);
    }

    /** Name in plans. */
    String label() {
        return Labels.of(layer.node());
    }

    /** Name of the value that the float network is to be met in. */
    String target() {
        return residual == null ? layer.output().name() : residual.sum();
    }

    /** Whether the layer is a product with a matrix, with rows of inputs and outputs. */
    boolean isProduct() {
        return !layer.isConvolution();
    }

    /** Whether a bias can make up for wrong means without another node. */
    boolean takesBias() {
        return layer.hasBias() || !layer.node().is("MatMul");
    }
}

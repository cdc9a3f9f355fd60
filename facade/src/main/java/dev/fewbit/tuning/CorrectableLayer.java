package dev.fewbit.tuning;

import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.layer.LinearLayer;

/**
 * A layer of the float network whose bias may make up for what rounding does to the means of its
 * outputs.
 *
 * @param layer the layer
 * @param integer whether it computes in integers
 * @param stage layers of one stage do not depend on each other; each depends on one of the stage
 *     before it at least. From 0
 */
record CorrectableLayer(LinearLayer layer, boolean integer, int stage) {

    /** Name in plans. */
    String label() {
        return Labels.of(layer.node());
    }

    /** Name of what it makes, bias included, in the float network. */
    String output() {
        return layer.output().name();
    }

    /** Axis of the output channels in what it makes: from the end for products. */
    int outputAxis() {
        return layer.isConvolution() ? 1 : -1;
    }

    /** Whether it is a product with a matrix, not a convolution or a Gemm. */
    boolean isProduct() {
        return layer.node().is("MatMul");
    }

    /** Multiplications for every number that it makes. */
    long productsPerOutput() {
        return (long) layer.outputChannels().first()
                * layer.outputChannels().second()
                * layer.outputChannels().rest()
                / layer.outputChannels().channels();
    }
}

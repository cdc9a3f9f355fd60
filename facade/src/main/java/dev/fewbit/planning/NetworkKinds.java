package dev.fewbit.planning;

import dev.fewbit.NetworkKind;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.onnx.weight.WeightUse;

/**
 * Tells what a network computes with.
 *
 * <p>Most multiplications decide. How many a layer makes depends on sizes that a file need not
 * tell, but layers tell well enough: networks of convolutions have dozens and a classifier or two,
 * transformers have dozens of products and a convolution or two at their beginning. Weights would
 * not: those of a classifier may be more than those of all convolutions together. Depthwise
 * convolutions multiply too little to count.
 */
public final class NetworkKinds {
    private NetworkKinds() {}

    /** The kind of a model: convolutions if it has more of them than of products with weights. */
    public static NetworkKind of(Model model) {
        int convolutions = 0;
        int products = 0;
        for (WeightSite site : WeightSites.find(model)) {
            for (WeightUse use : site.uses()) {
                switch (use.role()) {
                    case CONVOLUTION ->
                            convolutions += FragileLayers.isDepthwise(site, use) ? 0 : 1;
                    case TRANSPOSED_CONVOLUTION -> convolutions++;
                    case MATMUL_RIGHT, MATMUL_LEFT, GEMM_RIGHT, GEMM_LEFT, RECURRENT -> products++;
                    case TABLE, OTHER -> {}
                }
            }
        }
        return convolutions > products ? NetworkKind.CONVOLUTIONS : NetworkKind.PRODUCTS;
    }
}

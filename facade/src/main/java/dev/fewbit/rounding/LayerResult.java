package dev.fewbit.rounding;

import dev.fewbit.core.quantize.RoundedWeight;

import java.util.List;
import java.util.Optional;

/**
 * What came of rounding a layer.
 *
 * @param weight codes and what they stand for
 * @param shift what to add to the bias; empty where there is none
 * @param error expected squared error of the layer's outputs as far as weights can help it,
 *     together with the layers that read the same
 * @param nearest the same with every weight of the float network rounded to nearest
 */
record LayerResult(
        RoundedWeight weight, Optional<List<Float>> shift, double error, double nearest) {

    /** Why biases are shifted. */
    static final String SHIFTED = "gives the rounded layer's outputs their means";
}

package dev.fewbit.onnx.encode;

import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.quantize.RoundedWeight;

import java.util.List;

/**
 * What there is of a weight beside its codes, once those have been handed on.
 *
 * @param parameters scales and zero points of all groups
 * @param tables learned levels; empty if there are none
 * @param measurement what it cost
 */
record CodedWeight(
        GroupParameters parameters, List<LevelTable> tables, WeightMeasurement measurement) {

    CodedWeight {
        tables = List.copyOf(tables);
    }

    /**
     * All of it, to be stored again.
     *
     * @param codes one a byte, in the order of the weight; not copied
     * @param even whether levels are evenly spaced, with zero points
     */
    RoundedWeight rounded(byte[] codes, boolean even) {
        return new RoundedWeight(
                codes, parameters.scales(), even ? parameters.zeroPoints() : new int[0], tables);
    }
}

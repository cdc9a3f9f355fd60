package dev.fewbit.onnx.encode;

import dev.fewbit.core.level.LevelTable;

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
}

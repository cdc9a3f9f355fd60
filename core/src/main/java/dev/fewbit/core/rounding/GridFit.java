package dev.fewbit.core.rounding;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;

/** Finds a grid for weights: scales, and whatever else the kind of grid has. */
@FunctionalInterface
public interface GridFit {

    /**
     * A grid for these weights. Every group is fitted by itself, so that a part of a matrix that
     * consists of whole groups gets what it has as a part of the whole.
     */
    RoundingGrid fit(WeightMatrix weights);

    /**
     * Evenly spaced values.
     *
     * @param format codes of at most 8 bits
     * @param groupSize columns of a group
     */
    static GridFit affine(Affine format, int groupSize, RangeMethod method) {
        return weights -> AffineGrid.fit(weights, format, groupSize, method);
    }

    /**
     * The levels of one table times a scale for each group, which is searched for the least squared
     * error.
     *
     * @param table levels, ascending, some of them not zero
     * @param groupSize columns of a group
     */
    static GridFit levels(float[] table, int groupSize) {
        LevelScaleSearch search = new LevelScaleSearch(table, groupSize);
        return search::fit;
    }
}

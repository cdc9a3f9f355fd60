package dev.fewbit.core.rounding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** In which order columns are rounded. */
final class ColumnOrder {

    private ColumnOrder() {}

    static int[] natural(Hessian h) {
        return IntStream.range(0, h.width()).toArray();
    }

    /** Largest diagonal first; equal ones as they come. */
    static int[] descending(Hessian h) {
        double[] diagonal = h.diagonal();
        Integer[] columns = IntStream.range(0, h.width()).boxed().toArray(Integer[]::new);
        Arrays.sort(columns, Comparator.comparingDouble(column -> -diagonal[column]));
        return Arrays.stream(columns).mapToInt(Integer::intValue).toArray();
    }
}

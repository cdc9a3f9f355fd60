package dev.fewbit.report.html;

import java.util.ArrayList;
import java.util.List;

/**
 * Values along an edge of a drawing, evenly or by their logarithm.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}, more than {@code low}
 * @param from place of the lowest value in pixels
 * @param to place of the highest value in pixels; less than {@code from} where values grow upwards
 * @param logarithmic whether equal ratios are equally long; both values are positive then
 */
record Axis(double low, double high, double from, double to, boolean logarithmic) {

    /** Factors within a decade that are marked where a decade is long. */
    private static final int[] FACTORS = {1, 2, 5};

    /** From one value to another; widened if they are the same. */
    static Axis linear(double low, double high, double from, double to) {
        return new Axis(low, high > low ? high : low + 1, from, to, false);
    }

    /** Between two positive values, and a little beyond. */
    static Axis logarithmic(double low, double high, double from, double to) {
        double margin = Math.max(1.15, Math.pow(high / low, 0.06));
        return new Axis(low / margin, high * margin, from, to, true);
    }

    /** The place of a value; that of the end for values beyond, and for what is not a number. */
    double at(double value) {
        if (!(value > low)) {
            return from;
        }
        double share =
                logarithmic
                        ? Math.log(value / low) / Math.log(high / low)
                        : (value - low) / (high - low);
        return from + Math.min(1, share) * (to - from);
    }

    /** Round values to mark, no more than about {@code count}. */
    List<Double> ticks(int count) {
        return logarithmic ? decades(count) : even(count);
    }

    private List<Double> even(int count) {
        double rough = (high - low) / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * 10;
        for (int factor : new int[] {5, 2, 1}) {
            step = factor * power >= rough ? factor * power : step;
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> decades(int count) {
        int first = (int) Math.floor(Math.log10(low));
        int last = (int) Math.floor(Math.log10(high));
        int stride = Math.max(1, Math.ceilDiv(last - first, count));
        boolean within = FACTORS.length * (last - first) <= count;
        List<Double> ticks = new ArrayList<>();
        for (int decade = first; decade <= last; decade += stride) {
            for (int factor : FACTORS) {
                double value = Double.parseDouble(factor + "e" + decade);
                if ((factor == 1 || within) && value >= low && value <= high) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }
}

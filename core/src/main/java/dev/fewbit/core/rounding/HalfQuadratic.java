package dev.fewbit.core.rounding;

import dev.fewbit.core.format.Affine;

/** One group of {@link Hqq}. Scales are multiples of the first scale. */
final class HalfQuadratic {

    private static final double FIRST_WEIGHT = 10;
    private static final double GROWTH = 1.01;
    private static final int TURNS = 20;

    /** The weights in steps of the first scale. */
    private final double[] steps;

    private final Affine format;
    private final float firstScale;
    private float scale;
    private int zeroPoint;
    private double least;

    HalfQuadratic(double[] steps, Affine format, float scale, int zeroPoint) {
        this.steps = steps;
        this.format = format;
        this.firstScale = scale;
        this.scale = scale;
        this.zeroPoint = zeroPoint;
        this.least = new Turn(1, zeroPoint, FIRST_WEIGHT).error;
    }

    /** The best scale so far. */
    float scale() {
        return scale;
    }

    /** The best zero point so far. */
    int zeroPoint() {
        return zeroPoint;
    }

    void descend() {
        int start = zeroPoint;
        if (!format.symmetric()) {
            double zero = freeZeroPoint(start);
            descendScale((int) Math.floor(zero));
            descendScale((int) Math.ceil(zero));
        }
        descendScale(start);
    }

    /** Descends in both parameters, the zero point being any number; returns that. */
    private double freeZeroPoint(int firstZero) {
        double size = 1;
        double zero = firstZero;
        double best = zero;
        double smallest = Double.POSITIVE_INFINITY;
        double weight = FIRST_WEIGHT;
        for (int i = 0; i < TURNS; i++) {
            Turn turn = new Turn(size, zero, weight);
            if (!(turn.error < smallest)) {
                break;
            }
            smallest = turn.error;
            best = zero;
            double spread = steps.length * turn.squares - turn.codes * turn.codes;
            double slope = (steps.length * turn.products - turn.codes * turn.values) / spread;
            if (!(slope > 0 && slope < Double.POSITIVE_INFINITY)) {
                break;
            }
            // Codes are counted from the zero point of this turn.
            zero -= (turn.values - slope * turn.codes) / steps.length / slope;
            size = slope;
            weight *= GROWTH;
        }
        return Math.clamp(best, format.qmin(), format.qmax());
    }

    /** Descends in the scale for a zero point, and keeps what is better than the best so far. */
    private void descendScale(int zero) {
        float candidate = firstScale;
        double smallest = Double.POSITIVE_INFINITY;
        double weight = FIRST_WEIGHT;
        for (int i = 0; i < TURNS && GridShape.isScale(candidate); i++) {
            Turn turn = new Turn((double) candidate / firstScale, zero, weight);
            if (turn.error < least) {
                least = turn.error;
                scale = candidate;
                zeroPoint = zero;
            }
            if (!(turn.error < smallest)) {
                break;
            }
            smallest = turn.error;
            candidate = (float) (firstScale * (turn.products / turn.squares));
            weight *= GROWTH;
        }
    }

    /** Codes for parameters, what they cost, and the sums of a regression on them. */
    private final class Turn {
        private double error;
        private double codes;
        private double squares;
        private double values;
        private double products;

        Turn(double size, double zero, double weight) {
            for (double step : steps) {
                double code =
                        Math.clamp(Math.rint(step / size + zero), format.qmin(), format.qmax())
                                - zero;
                double rest = step - size * code;
                double kept = step - Hqq.shrink(rest, weight);
                error += Math.abs(rest);
                codes += code;
                squares += code * code;
                values += kept;
                products += code * kept;
            }
        }
    }
}

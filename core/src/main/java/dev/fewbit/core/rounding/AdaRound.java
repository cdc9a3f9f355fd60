package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

import java.util.List;

/**
 * AdaRound: M. Nagel et al., <a href="https://arxiv.org/abs/2004.10568">Up or Down? Adaptive
 * Rounding for Post-Training Quantization</a>, 2020.
 *
 * <p>Every weight goes to one of the two values next to it. Which one is learned by descending
 * along a soft choice h between 0 (the lower) and 1 (the upper), which a regularizer drives to its
 * ends:
 *
 * <pre>
 * h(V) = clip(1.2 sigmoid(V) - 0.1, 0, 1)
 * loss = (v - w) H (v - w)^T / u + lambda sum(1 - |2 h - 1|^beta),   v = lower + h (upper - lower)
 * </pre>
 *
 * <p>with Adam. Because the error is quadratic its gradient is {@code 2 (v - w) H}, whatever the
 * number of samples was, and nothing is random. The unit u, the mean of {@code H_ii (upper -
 * lower)^2} over a row, makes lambda independent of the units of weights and inputs. Beta falls
 * from 20 to 2 in whole numbers.
 *
 * <p>Cost for n rows and d columns: {@code n d^2} multiplications in every iteration, which is
 * hundreds of times what {@link CoordinateDescent} takes; for layers of some hundred inputs. On
 * inputs that depend on each other it came between rounding to nearest and {@link Gptq} with the
 * largest inputs first, which may go further than to the two neighbours. Codes do not depend on the
 * number of threads.
 */
public final class AdaRound {

    private static final int BAND = 32;
    private static final double STRETCH = 1.2;
    private static final double OFFSET = 0.1;
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double EPSILON = 1e-8;
    private static final int FIRST_BETA = 20;
    private static final int LAST_BETA = 2;

    private AdaRound() {}

    /**
     * Effort and strength.
     *
     * @param iterations steps of the descent, at least 1
     * @param rate Adam's learning rate
     * @param lambda weight of the regularizer
     * @param warmUp share of the iterations that go without it, 0 to 1
     */
    public record Options(int iterations, double rate, double lambda, double warmUp) {

        /** Checks the signs. */
        public Options {
            if (iterations < 1 || !(rate > 0) || !(lambda >= 0) || !(warmUp >= 0 && warmUp <= 1)) {
                throw new IllegalArgumentException(
                        ("AdaRound takes iterations and a rate above 0, a lambda not below 0 and a"
                                        + " warm-up from 0 to 1, got %d, %s, %s and %s")
                                .formatted(iterations, rate, lambda, warmUp));
            }
        }

        /**
         * What served in our trials. The unit of the error makes lambda larger than the paper's:
         * with 0.01 to 0.1 many choices stay open to the end and are then forced.
         */
        public static Options standard() {
            return new Options(1000, 0.1, 0.5, 0.2);
        }
    }

    /**
     * Rounds.
     *
     * @param target what the values are to come close to
     * @param h moments of the inputs
     * @param grid values that the weights may become
     * @return codes of which no row has a larger error than by rounding to nearest
     */
    public static RoundedMatrix round(
            WeightMatrix target, Hessian h, RoundingGrid grid, Options options, Workers workers) {
        target.requireColumns("Hessian", h.width());
        grid.requireShape(target);
        byte[] codes = new byte[target.rows() * target.columns()];
        workers.runRanges(
                target.rows(),
                BAND,
                (from, to) -> new Band(target, h, grid, from, to).run(options, codes));
        RoundedMatrix learned = new RoundedMatrix(grid, codes);
        RoundedMatrix nearest = RoundedMatrix.nearest(target, grid);
        return BestRounding.ofRows(target, h, List.of(nearest, learned), workers);
    }

    private static final class Band {
        private final Hessian h;
        private final RoundingGrid grid;
        private final int firstRow;
        private final int rows;
        private final int columns;
        private final byte[] lowerCodes;

        /** Distance of the lower value from the weight, and of the upper from the lower value. */
        private final double[] start;

        private final double[] gap;
        private final double[] unit;
        private final double[] variable;
        private final double[] choice;
        private final double[] slope;
        private final double[] error;
        private final double[] pull;
        private final double[] first;
        private final double[] second;

        Band(WeightMatrix target, Hessian h, RoundingGrid grid, int firstRow, int endRow) {
            this.h = h;
            this.grid = grid;
            this.firstRow = firstRow;
            this.rows = endRow - firstRow;
            this.columns = target.columns();
            int size = rows * columns;
            lowerCodes = new byte[size];
            start = new double[size];
            gap = new double[size];
            unit = new double[rows];
            variable = new double[size];
            choice = new double[size];
            slope = new double[size];
            error = new double[size];
            pull = new double[size];
            first = new double[size];
            second = new double[size];
            for (int i = 0; i < size; i++) {
                place(i, target.get(firstRow + i / columns, i % columns));
            }
        }

        /** Finds the two values around a weight, and the choice that gives the weight itself. */
        private void place(int i, double weight) {
            int row = firstRow + i / columns;
            int column = i % columns;
            byte lower = grid.below(row, column, weight);
            double value = grid.value(row, column, lower);
            lowerCodes[i] = lower;
            start[i] = value - weight;
            gap[i] = grid.value(row, column, grid.above(row, column, lower)) - value;
            unit[i / columns] += h.get(column, column) * gap[i] * gap[i] / columns;
            double wanted = gap[i] > 0 ? Math.clamp(-start[i] / gap[i], 0, 1) : 0;
            double sigmoid = (wanted + OFFSET) / STRETCH;
            variable[i] = StrictMath.log(sigmoid / (1 - sigmoid));
        }

        void run(Options options, byte[] codes) {
            int warm = (int) (options.warmUp() * options.iterations());
            double firstPower = 1;
            double secondPower = 1;
            for (int t = 0; t < options.iterations(); t++) {
                choose();
                MatrixKernels.best()
                        .subtractProduct(
                                error,
                                0,
                                columns,
                                h.values(),
                                0,
                                columns,
                                pull,
                                0,
                                columns,
                                rows,
                                columns,
                                columns);
                firstPower *= FIRST_DECAY;
                secondPower *= SECOND_DECAY;
                double lambda = t < warm ? 0 : options.lambda();
                int beta = beta(t - warm, options.iterations() - warm);
                double correction = Math.sqrt(1 - secondPower);
                double rate = options.rate() * correction / (1 - firstPower);
                for (int i = 0; i < variable.length; i++) {
                    step(i, gradient(i, lambda, beta), rate, correction);
                }
            }
            choose();
            for (int i = 0; i < lowerCodes.length; i++) {
                byte lower = lowerCodes[i];
                codes[firstRow * columns + i] =
                        choice[i] < 0.5
                                ? lower
                                : grid.above(firstRow + i / columns, i % columns, lower);
            }
        }

        /** Choices, their slopes and the errors that they make; clears the pull. */
        private void choose() {
            for (int i = 0; i < variable.length; i++) {
                double sigmoid = 1 / (1 + StrictMath.exp(-variable[i]));
                double stretched = STRETCH * sigmoid - OFFSET;
                choice[i] = Math.clamp(stretched, 0, 1);
                boolean inside = stretched > 0 && stretched < 1;
                slope[i] = inside ? STRETCH * sigmoid * (1 - sigmoid) : 0;
                error[i] = start[i] + choice[i] * gap[i];
                pull[i] = 0;
            }
        }

        private double gradient(int i, double lambda, int beta) {
            double scale = unit[i / columns];
            if (!(scale > 0)) {
                return 0;
            }
            double ofError = -2 * pull[i] * gap[i] / scale;
            double sign = 2 * choice[i] - 1;
            double magnitude = Math.abs(sign);
            double power = 1;
            for (int k = 1; k < beta; k++) {
                power *= magnitude;
            }
            double ofRegularizer = -2 * lambda * beta * Math.copySign(power, sign);
            return (ofError + ofRegularizer) * slope[i];
        }

        private void step(int i, double gradient, double rate, double correction) {
            first[i] = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * gradient;
            second[i] = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * gradient * gradient;
            variable[i] -= rate * first[i] / (Math.sqrt(second[i]) + EPSILON * correction);
        }

        private static int beta(int iteration, int iterations) {
            if (iteration < 0) {
                return FIRST_BETA;
            }
            int steps = FIRST_BETA - LAST_BETA;
            return FIRST_BETA - (int) ((long) iteration * (steps + 1) / iterations);
        }
    }
}

package dev.fewbit.core.rounding;

/** Loops over pieces of rows, which the compiler makes vector code of. */
final class Rows {

    private Rows() {}

    /** {@code into -= factor * from}. */
    static void subtract(
            double factor, double[] from, int fromAt, double[] into, int at, int count) {
        for (int i = 0; i < count; i++) {
            into[at + i] -= factor * from[fromAt + i];
        }
    }

    /** Sum of products, from left to right. */
    static double dot(double[] left, int leftAt, double[] right, int rightAt, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += left[leftAt + i] * right[rightAt + i];
        }
        return sum;
    }
}

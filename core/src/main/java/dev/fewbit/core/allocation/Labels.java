package dev.fewbit.core.allocation;

import java.util.Arrays;

/** The partial choices after a stage, from best to worst, in arrays that grow. */
final class Labels {

    private double[] loss = new double[16];
    private long[] bytes = new long[16];
    private long[] ticks = new long[16];
    private int[] parents = new int[16];
    private short[] taken = new short[16];
    private int size;

    /**
     * Adds a label at the end.
     *
     * @param parent place of the label that it was made of
     * @param option what it took, a place among the options of its stage
     */
    void add(double newLoss, long newBytes, long newTicks, int parent, int option) {
        if (size == loss.length) {
            int longer = Math.addExact(size, size / 2);
            loss = Arrays.copyOf(loss, longer);
            bytes = Arrays.copyOf(bytes, longer);
            ticks = Arrays.copyOf(ticks, longer);
            parents = Arrays.copyOf(parents, longer);
            taken = Arrays.copyOf(taken, longer);
        }
        loss[size] = newLoss;
        bytes[size] = newBytes;
        ticks[size] = newTicks;
        parents[size] = parent;
        taken[size] = (short) option;
        size++;
    }

    int size() {
        return size;
    }

    double loss(int label) {
        return loss[label];
    }

    long bytes(int label) {
        return bytes[label];
    }

    long ticks(int label) {
        return ticks[label];
    }

    int[] parents() {
        return Arrays.copyOf(parents, size);
    }

    short[] taken() {
        return Arrays.copyOf(taken, size);
    }

    /**
     * Keeps so many labels that cost least at the prices, in their order; of those that cost as
     * much as the dearest that stays, evenly spread ones.
     */
    void keepCheapest(Multipliers prices, int width) {
        double[] sorted = new double[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = cost(prices, i);
        }
        Arrays.sort(sorted);
        double dearest = sorted[width - 1];
        int below = lowerBound(sorted, dearest);
        int equal = lowerBound(sorted, Math.nextUp(dearest)) - below;
        int spread = width - below;
        int kept = 0;
        long met = 0;
        for (int i = 0; i < size; i++) {
            double cost = cost(prices, i);
            boolean stays = cost < dearest;
            if (cost == dearest) {
                stays = (met + 1) * spread / equal > met * spread / equal;
                met++;
            }
            if (stays) {
                loss[kept] = loss[i];
                bytes[kept] = bytes[i];
                ticks[kept] = ticks[i];
                parents[kept] = parents[i];
                taken[kept] = taken[i];
                kept++;
            }
        }
        size = kept;
    }

    private double cost(Multipliers prices, int i) {
        return loss[i] + prices.perByte() * bytes[i] + prices.perTick() * ticks[i];
    }

    /** How many of the sorted values are below a given one. */
    private static int lowerBound(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

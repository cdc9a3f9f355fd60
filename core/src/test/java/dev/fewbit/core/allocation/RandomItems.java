package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Items for tests. Losses and seconds are dyadic, so that sums in any order are exact. */
final class RandomItems {

    private RandomItems() {}

    /** Few distinct numbers, so that there are many ties. */
    static List<List<Option>> withTies(SplittableRandom random, int items, int mostOptions) {
        return make(random, items, mostOptions, 6, 5, 4);
    }

    /** Hardly any ties. */
    static List<List<Option>> mixed(SplittableRandom random, int items, int mostOptions) {
        return make(random, items, mostOptions, 1 << 20, 1 << 22, 1 << 20);
    }

    private static List<List<Option>> make(
            SplittableRandom random,
            int items,
            int mostOptions,
            int losses,
            int bytes,
            int seconds) {
        List<List<Option>> all = new ArrayList<>();
        for (int item = 0; item < items; item++) {
            List<Option> options = new ArrayList<>();
            int count = random.nextInt(1, mostOptions + 1);
            for (int k = 0; k < count; k++) {
                options.add(
                        new Option(
                                random.nextInt(losses) * 0x1p-12,
                                random.nextInt(bytes),
                                random.nextInt(seconds) * 0x1p-30));
            }
            all.add(List.copyOf(options));
        }
        return all;
    }

    /**
     * Like the layers of a network: sizes of a few octaves, losses that fall by a quarter a bit.
     */
    static List<List<Option>> layers(SplittableRandom random, int items, int options) {
        List<List<Option>> all = new ArrayList<>();
        for (int item = 0; item < items; item++) {
            double weights = Math.exp(random.nextDouble(Math.log(1000), Math.log(4e6)));
            double sensitivity = Math.exp(2 * random.nextGaussian());
            List<Option> of = new ArrayList<>();
            for (int k = 0; k < options; k++) {
                double bits = 2 + k % 7 + random.nextDouble() / 2;
                of.add(
                        new Option(
                                sensitivity * Math.pow(4, -bits) * random.nextDouble(0.7, 1.3),
                                (long) (weights * bits / 8),
                                weights * 1e-9 * random.nextDouble(0.5, 2)));
            }
            all.add(List.copyOf(of));
        }
        return all;
    }

    static long leastBytes(List<List<Option>> items) {
        return items.stream()
                .mapToLong(o -> o.stream().mapToLong(Option::bytes).min().orElseThrow())
                .sum();
    }

    static long mostBytes(List<List<Option>> items) {
        return items.stream()
                .mapToLong(o -> o.stream().mapToLong(Option::bytes).max().orElseThrow())
                .sum();
    }

    static double leastSeconds(List<List<Option>> items) {
        return items.stream()
                .mapToDouble(o -> o.stream().mapToDouble(Option::seconds).min().orElseThrow())
                .sum();
    }

    static double mostSeconds(List<List<Option>> items) {
        return items.stream()
                .mapToDouble(o -> o.stream().mapToDouble(Option::seconds).max().orElseThrow())
                .sum();
    }
}

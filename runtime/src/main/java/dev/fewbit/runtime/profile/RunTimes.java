package dev.fewbit.runtime.profile;

import dev.fewbit.onnx.graph.Graph;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Collects the times of kernels from the events of a profile in which every sample ran equally
 * often, one after the other, the first time to warm up. A kernel that runs several times in a run
 * (in a loop) counts once with their sum. What the runtime did not write down, because its profile
 * was full, is left out.
 */
final class RunTimes implements Consumer<ProfileEvent> {

    /** These contain other kernels, whose times are there as well. */
    private static final Set<String> CONTAINERS = Set.of("If", "Loop", "Scan");

    private record Kernel(String name, String operator, String place) {}

    private final int samples;
    private final int runs;

    /** The times of one kernel in microseconds, by sample and run. */
    private static final class Series {
        private final long[] times;
        private long current;

        Series(int length) {
            times = new long[length];
        }
    }

    private final Map<Kernel, Series> series = new LinkedHashMap<>();
    private int ended;

    /**
     * For a profile.
     *
     * @param runs of each sample after the first
     */
    RunTimes(int samples, int runs) {
        this.samples = samples;
        this.runs = runs;
    }

    @Override
    public void accept(ProfileEvent event) {
        if (event.isKernel() && !CONTAINERS.contains(event.operator())) {
            Kernel kernel = new Kernel(event.nodeName(), event.operator(), event.node());
            series.computeIfAbsent(kernel, any -> new Series(samples * (runs + 1))).current +=
                    event.microseconds();
        } else if (event.endsRun()) {
            for (Series one : series.values()) {
                if (ended < one.times.length) {
                    one.times[ended] = one.current;
                }
                one.current = 0;
            }
            ended++;
        }
    }

    /** The kernels of the whole profile, named by the nodes of the model. */
    List<KernelLatency> kernels(Graph graph) {
        KernelNames names =
                new KernelNames(
                        graph,
                        series.keySet().stream().map(Kernel::name).collect(Collectors.toSet()));
        return series.entrySet().stream()
                .map(
                        entry ->
                                new KernelLatency(
                                        entry.getKey().name(),
                                        entry.getKey().operator(),
                                        names.node(
                                                entry.getKey().name(), entry.getKey().operator()),
                                        seconds(entry.getValue().times)))
                .toList();
    }

    private double seconds(long[] microseconds) {
        double sum = 0;
        int seen = 0;
        for (int sample = 0; sample < samples; sample++) {
            int from = sample * (runs + 1) + 1;
            int to = Math.min(ended, from + runs);
            if (to > from) {
                sum += faster(Arrays.copyOfRange(microseconds, from, to));
                seen++;
            }
        }
        return seen == 0 ? 0 : sum / seen / 1e6;
    }

    /** The mean of the faster half, the middle one included. */
    static double faster(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return Arrays.stream(sorted, 0, (sorted.length + 1) / 2).average().orElseThrow();
    }
}

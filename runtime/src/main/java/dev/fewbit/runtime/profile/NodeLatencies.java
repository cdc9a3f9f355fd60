package dev.fewbit.runtime.profile;

import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long each node of a model takes in its place, by the runtime's own profile.
 *
 * <p>Two sessions run in turn: one without a profile, whose runs give the time of the whole, and
 * one with. Writing the profile makes every kernel slower by about a microsecond, which in a small
 * network doubles the whole (ResNet-20 in 8 bits: 0.34 ms without, 0.54 ms as the sum of its
 * kernels). What the kernels add up to beyond the whole is therefore taken from all alike, none
 * less than 0; so times of nodes never add up to more than the whole.
 *
 * <p>What disturbs a run makes it longer, never shorter, and the longer a run the more often it is
 * disturbed: where two other programs keep the machine busy, the median of MiniLM is half as long
 * again as without them, that of its kernels is not. So the time of the whole is the 10th
 * percentile of its runs, and that of a kernel the mean of the faster half of its own (a mean,
 * since single times are cut to whole microseconds). The median of the whole is there too. All are
 * averaged over the samples.
 *
 * <p>Which node a kernel stands for: {@link KernelLatency#node}. Convolutions and products with
 * weights of ResNet-20 and MiniLM, in formats of 3 to 8 bits, are all found under the names that
 * they have in the float model; above nine tenths of the time of the kernels lead to some node.
 */
public final class NodeLatencies {

    private final double wholeSeconds;
    private final double medianSeconds;
    private final List<KernelLatency> kernels;

    /**
     * From what was measured.
     *
     * @param wholeSeconds the time of an undisturbed run
     * @param medianSeconds the median time of a run
     * @param kernels the time of its kernels, together at most as much as the whole
     */
    NodeLatencies(double wholeSeconds, double medianSeconds, List<KernelLatency> kernels) {
        this.wholeSeconds = wholeSeconds;
        this.medianSeconds = medianSeconds;
        this.kernels =
                kernels.stream()
                        .sorted(
                                Comparator.comparingDouble(KernelLatency::seconds)
                                        .reversed()
                                        .thenComparing(KernelLatency::name))
                        .toList();
    }

    /**
     * Measures a model.
     *
     * @param model the file
     * @param samples what to run it on, at least one; a few are enough
     * @param settings how to load it; a profile's place in it is passed over
     * @param minimumRuns runs on each sample, at least 1, after one to warm up; 20 are enough where
     *     the machine is quiet
     * @throws IOException if the model cannot be read, or the profile cannot be written or read
     */
    public static NodeLatencies measure(
            Path model, List<Sample> samples, SessionSettings settings, int minimumRuns)
            throws IOException {
        if (samples.isEmpty() || minimumRuns < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 sample and 1 run of each, got %d and %d"
                            .formatted(samples.size(), minimumRuns));
        }
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-profile");
                ModelSession plain = ModelSession.open(model, settings);
                ModelSession profiled =
                        ModelSession.open(model, settings.profiled(folder.file("run")))) {
            double whole = 0;
            double median = 0;
            for (Sample sample : samples) {
                double[] seconds = run(plain, profiled, sample, minimumRuns);
                whole += seconds[(seconds.length - 1) / 10] / samples.size();
                median += seconds[(seconds.length - 1) / 2] / samples.size();
            }
            RunTimes times = new RunTimes(samples.size(), minimumRuns);
            try (BufferedReader reader = Files.newBufferedReader(profiled.endProfiling())) {
                ProfileEvent.readAll(reader, times);
            }
            List<KernelLatency> kernels = times.kernels(OnnxReader.read(model).graph());
            return new NodeLatencies(whole, median, within(kernels, whole));
        }
    }

    /** Runs a sample on both in turn; the seconds of the plain runs, sorted. */
    private static double[] run(
            ModelSession plain, ModelSession profiled, Sample sample, int minimumRuns) {
        double[] seconds = new double[minimumRuns];
        try (PreparedRun first = plain.prepare(sample);
                PreparedRun second = profiled.prepare(sample)) {
            first.run();
            second.run();
            for (int i = 0; i < minimumRuns; i++) {
                long start = System.nanoTime();
                first.run();
                seconds[i] = (System.nanoTime() - start) / 1e9;
                second.run();
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    /** The time of a run that nothing disturbs, in seconds, averaged over the samples. */
    public double wholeSeconds() {
        return wholeSeconds;
    }

    /** The median time of a run in seconds, averaged over the samples. */
    public double medianSeconds() {
        return medianSeconds;
    }

    /** All kernels, the longest first. */
    public List<KernelLatency> kernels() {
        return kernels;
    }

    /**
     * The seconds in a run of a node and of what was made of it: kernels that stand for the node of
     * that name or for nodes called {@code name/...}, as Fewbit calls those that take a node's
     * place. 0 if there is no such kernel.
     *
     * @param node the name of a node of the measured model, or of the one that it was made of
     */
    public double of(String node) {
        return of(List.of(node)).layers().getOrDefault(node, 0.0);
    }

    /**
     * Divides the time of a run among nodes. A kernel counts for the longest name that is its own
     * or is followed by a slash in it.
     *
     * @param nodes names of nodes
     */
    public LayerTimes of(Collection<String> nodes) {
        Map<String, Double> layers = new LinkedHashMap<>();
        nodes.forEach(node -> layers.put(node, 0.0));
        double named = 0;
        for (KernelLatency kernel : kernels) {
            String name = kernel.node();
            while (!name.isEmpty() && !layers.containsKey(name)) {
                name = name.substring(0, Math.max(0, name.lastIndexOf('/')));
            }
            if (!name.isEmpty()) {
                layers.merge(name, kernel.seconds(), Double::sum);
                named += kernel.seconds();
            }
        }
        return new LayerTimes(layers, Math.max(0, wholeSeconds - named));
    }

    /**
     * The time of a run, divided.
     *
     * @param layers seconds of each node that was asked for, in that order
     * @param otherSeconds what is left: other kernels, and the runtime's own work
     */
    public record LayerTimes(Map<String, Double> layers, double otherSeconds) {

        /** Keeps the order. */
        public LayerTimes {
            layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
        }
    }

    /** Takes from all kernels alike what they add up to beyond a sum. */
    static List<KernelLatency> within(List<KernelLatency> measured, double most) {
        double[] sorted = measured.stream().mapToDouble(KernelLatency::seconds).sorted().toArray();
        double rest = Arrays.stream(sorted).sum();
        double taken = 0;
        for (int i = 0; i < sorted.length && rest > most; i++) {
            taken = (rest - most) / (sorted.length - i);
            if (taken <= sorted[i]) {
                break;
            }
            // This one becomes 0, and the others give more.
            rest -= sorted[i];
        }
        List<KernelLatency> reduced = new ArrayList<>();
        for (KernelLatency kernel : measured) {
            reduced.add(
                    new KernelLatency(
                            kernel.name(),
                            kernel.operator(),
                            kernel.node(),
                            Math.max(0, kernel.seconds() - taken)));
        }
        return reduced;
    }
}

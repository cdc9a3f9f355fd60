package dev.fewbit.bench.calibration;

import dev.fewbit.runtime.calibrate.Calibration;
import dev.fewbit.runtime.calibrate.CalibrationOptions;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.compare.ProgressListener;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Plain inference and calibration on the same samples, in turn, in one process.
 *
 * <p>Both open their session and go through all samples; plain inference gives the model's own
 * outputs to the Java heap, as any program would. The samples lie in memory, so that reading them
 * is no part of either.
 */
public final class MeasureCalibration {

    private static final int BAD_USAGE = 2;
    private static final int MOST_IN_MEMORY = 64;

    private MeasureCalibration() {}

    private record Timing(double seconds, double processorSeconds) {}

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Measures.
     *
     * @param arguments {@code times MODEL DATA|- WANTED DETAIL|- THREADS SAMPLES ROUNDS} prints a
     *     line of a Markdown table; {@code memory MODEL DATA|- WANTED DETAIL|- THREADS SAMPLES}
     *     calibrates once and prints the peak of resident memory in bytes. For WANTED and DETAIL
     *     see {@link WantedValues#parse}
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean times = arguments.length == 8 && arguments[0].equals("times");
        if (!times && !(arguments.length == 7 && arguments[0].equals("memory"))) {
            System.err.println(
                    "usage: MeasureCalibration times MODEL DATA|- WANTED DETAIL|- THREADS SAMPLES"
                            + " ROUNDS, or memory and the same without ROUNDS");
            System.exit(BAD_USAGE);
        }
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-bench")) {
            measure(arguments, folder, times);
        }
    }

    private static void measure(String[] arguments, TemporaryFolder folder, boolean times)
            throws IOException, InterruptedException {
        Path model = Path.of(arguments[1]);
        Optional<Path> data =
                arguments[2].equals("-") ? Optional.empty() : Optional.of(Path.of(arguments[2]));
        WantedValues wanted =
                WantedValues.parse(model, arguments[3], arguments[4], folder.file("prepared.onnx"));
        int threads = Integer.parseInt(arguments[5]);
        long count = Long.parseLong(arguments[6]);
        List<Sample> kept;
        try (Samples samples = ComparisonSamples.open(model, data, 1, MOST_IN_MEMORY)) {
            kept = samples.first(MOST_IN_MEMORY);
        }
        CalibrationOptions options =
                new CalibrationOptions(threads, Long.MAX_VALUE, ProgressListener.NONE);
        RepeatedSamples samples = new RepeatedSamples(kept, count);
        if (!times) {
            Statistics statistics =
                    Calibration.run(wanted.model(), wanted.values(), samples, options);
            System.out.println(peakBytes() + " " + statistics.samples());
            return;
        }
        Work plain = () -> infer(model, samples, threads);
        Work calibration = () -> Calibration.run(wanted.model(), wanted.values(), samples, options);
        plain.run();
        calibration.run();
        List<Timing> plains = new ArrayList<>();
        List<Timing> calibrations = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Integer.parseInt(arguments[7]); round++) {
            plains.add(time(plain));
            calibrations.add(time(calibration));
            ratios.add(calibrations.getLast().seconds() / plains.getLast().seconds());
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %d | %s | %s | %.2f | %s | %s | %.2f | %s | %s | %.2f |%n",
                model.getFileName(),
                wanted.values().size(),
                threads,
                count,
                millis(median(seconds(plains)), count),
                millis(median(seconds(calibrations)), count),
                median(ratios),
                millis(Collections.min(seconds(plains)), count),
                millis(Collections.min(seconds(calibrations)), count),
                Collections.min(seconds(calibrations)) / Collections.min(seconds(plains)),
                millis(median(processor(plains)), count),
                millis(median(processor(calibrations)), count),
                median(processor(calibrations)) / median(processor(plains)));
    }

    private static List<Double> seconds(List<Timing> timings) {
        return timings.stream().map(Timing::seconds).toList();
    }

    private static List<Double> processor(List<Timing> timings) {
        return timings.stream().map(Timing::processorSeconds).toList();
    }

    private static String millis(double seconds, long count) {
        return String.format(Locale.ROOT, "%.2f ms", seconds * 1e3 / count);
    }

    private static void infer(Path model, Samples samples, int threads) throws IOException {
        try (ModelSession session =
                ModelSession.open(model, SessionSettings.withThreads(threads))) {
            samples.visit(sample -> !session.run(sample).isEmpty());
        }
    }

    private static Timing time(Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long processor = processorNanos();
        work.run();
        return new Timing((System.nanoTime() - start) / 1e9, (processorNanos() - processor) / 1e9);
    }

    private static long processorNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The most memory that this process had in RAM; -1 where the system does not tell. */
    private static long peakBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        }
        return -1;
    }
}

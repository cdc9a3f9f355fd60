package dev.fewbit.bench;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs {@link AffineKernelBenchmark} and prints elements and bytes a second, and the bytes as a
 * share of those that a copy of the same array moves in the same run. Arguments are a pattern of
 * benchmark names, which should include the copy; none means all.
 */
public final class AffineKernelReport {

    private AffineKernelReport() {}

    /** Runs and prints. */
    public static void main(String[] arguments) throws RunnerException {
        String pattern = arguments.length == 0 ? ".*" : arguments[0];
        Options options =
                new OptionsBuilder()
                        .include(AffineKernelBenchmark.class.getName() + "\\." + pattern)
                        .build();
        System.out.println(table(new Runner(options).run()));
    }

    private static String table(Collection<RunResult> results) {
        Map<String, Double> copies = new TreeMap<>();
        for (RunResult result : results) {
            if (name(result).equals("copy")) {
                copies.put(key(result), gigabytesPerSecond(result));
            }
        }
        StringBuilder table =
                new StringBuilder("benchmark | backend | elements | M/s | GB/s | of copy\n");
        for (RunResult result : results) {
            BenchmarkParams parameters = result.getParams();
            double elements = Double.parseDouble(parameters.getParam("elements"));
            double nanos = result.getPrimaryResult().getScore();
            double bytes = gigabytesPerSecond(result);
            Double copy = copies.get(key(result));
            table.append(
                    "%s | %s | %.0f | %.0f | %.1f | %s%n"
                            .formatted(
                                    name(result),
                                    parameters.getParam("backend"),
                                    elements,
                                    elements * 1e3 / nanos,
                                    bytes,
                                    copy == null ? "-" : "%.0f %%".formatted(100 * bytes / copy)));
        }
        return table.toString();
    }

    private static String name(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    private static String key(RunResult result) {
        return result.getParams().getParam("elements") + result.getParams().getParam("backend");
    }

    private static double gigabytesPerSecond(RunResult result) {
        double elements = Double.parseDouble(result.getParams().getParam("elements"));
        return elements * bytes(name(result)) / result.getPrimaryResult().getScore();
    }

    /** Bytes read and written for one element. */
    private static double bytes(String benchmark) {
        return switch (benchmark) {
            case "copy" -> 8;
            case "rangeRows" -> 4;
            case "bandLeastSquaresInt4" -> 5 + 4.0 / 32;
            default -> 5;
        };
    }
}

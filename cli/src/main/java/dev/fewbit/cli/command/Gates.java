package dev.fewbit.cli.command;

import dev.fewbit.FewbitException;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.TaskMetric;

import picocli.CommandLine.Model.CommandSpec;

import java.util.function.ToDoubleFunction;

/**
 * Quality gates: what the outputs must reach for the process to succeed, so that a build can stop
 * at a model that has become worse. Every output must reach every gate; not-a-number misses.
 *
 * @param cosine least mean cosine of an output, not-a-number if there is no such gate
 * @param decibels least signal-to-quantization-noise ratio of an output in dB, likewise
 * @param metric what the task's metric must reach, likewise
 * @param metricLoss most that the task's metric may lose, likewise
 */
record Gates(double cosine, double decibels, double metric, double metricLoss) {

    static void describe(CommandSpec spec) {
        Specs.addGroup(
                spec,
                "Quality gates",
                Specs.option(
                        "X",
                        "Exit with code 3 if the mean cosine of an output to the float model's is"
                                + " below X.",
                        "--min-cosine"),
                Specs.option(
                        "X",
                        "Exit with code 3 if the signal-to-quantization-noise ratio of an output is"
                                + " below X dB.",
                        "--min-sqnr"),
                Specs.option(
                        "X",
                        "Exit with code 3 if the quantized model's metric on the task is worse than"
                                + " X: below it (accuracy counts from 0 to 1), or above it for"
                                + " perplexity.",
                        "--min-metric"),
                Specs.option(
                        "X",
                        "Exit with code 3 if the task's metric loses more than X (0.01 is a point"
                                + " of accuracy) against the float model.",
                        "--max-metric-loss"));
    }

    static Gates of(Arguments arguments) {
        double cosine = arguments.real("--min-cosine");
        if (cosine < -1 || cosine > 1) {
            throw new UsageException("--min-cosine takes a cosine, -1 to 1, got " + cosine);
        }
        return new Gates(
                cosine,
                arguments.real("--min-sqnr"),
                arguments.real("--min-metric"),
                arguments.real("--max-metric-loss"));
    }

    /** Whether there is a gate at all. */
    boolean any() {
        return !Double.isNaN(cosine) || !Double.isNaN(decibels) || asksForMetric();
    }

    private boolean asksForMetric() {
        return !Double.isNaN(metric) || !Double.isNaN(metricLoss);
    }

    /** Says which gates were missed and returns the exit code. */
    int check(Findings findings, Console console) {
        Comparison comparison = findings.comparison();
        if (comparison == null) {
            return ExitCode.DONE;
        }
        int missed = 0;
        for (OutputError output : comparison.outputs()) {
            missed += check(output, "--min-cosine", cosine, 6, OutputError::cosineMean, console);
            missed += check(output, "--min-sqnr", decibels, 2, OutputError::sqnrDecibels, console);
        }
        if (asksForMetric()) {
            missed += checkMetric(comparison, console);
        }
        return missed == 0 ? ExitCode.DONE : ExitCode.GATE_MISSED;
    }

    /** A gate that nothing can pass is not passed in silence. */
    private int checkMetric(Comparison comparison, Console console) {
        TaskMetric found =
                comparison
                        .metric()
                        .orElseThrow(
                                () ->
                                        new FewbitException(
                                                "--min-metric and --max-metric-loss need a task,"
                                                        + " and none was measured: give data with"
                                                        + " labels, see docs/data.md"));
        int missed = 0;
        double reached = found.quantized();
        boolean passed = found.higherIsBetter() ? reached >= metric : reached <= metric;
        if (!Double.isNaN(metric) && !passed) {
            console.gateMissed(
                    found.name()
                            + " reached "
                            + Numbers.fixed(reached, 4)
                            + ", but --min-metric asks for "
                            + Numbers.fixed(metric, 4));
            missed++;
        }
        if (!Double.isNaN(metricLoss) && !(found.loss() <= metricLoss)) {
            console.gateMissed(
                    found.name()
                            + " lost "
                            + Numbers.fixed(found.loss(), 4)
                            + ", but --max-metric-loss allows "
                            + Numbers.fixed(metricLoss, 4));
            missed++;
        }
        return missed;
    }

    private static int check(
            OutputError output,
            String option,
            double least,
            int digits,
            ToDoubleFunction<OutputError> figure,
            Console console) {
        double reached = figure.applyAsDouble(output);
        if (Double.isNaN(least) || reached >= least) {
            return 0;
        }
        console.gateMissed(
                "output "
                        + output.name()
                        + " reached "
                        + Numbers.fixed(reached, digits)
                        + ", but "
                        + option
                        + " asks for "
                        + Numbers.fixed(least, digits));
        return 1;
    }
}

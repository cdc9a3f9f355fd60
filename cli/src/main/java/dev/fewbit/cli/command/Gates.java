package dev.fewbit.cli.command;

import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Findings;

import picocli.CommandLine.Model.CommandSpec;

import java.util.function.ToDoubleFunction;

/**
 * Quality gates: what the outputs must reach for the process to succeed, so that a build can stop
 * at a model that has become worse. Every output must reach every gate; not-a-number misses.
 *
 * @param cosine least mean cosine of an output, not-a-number if there is no such gate
 * @param decibels least signal-to-quantization-noise ratio of an output in dB, likewise
 */
record Gates(double cosine, double decibels) {

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
                        "--min-sqnr"));
    }

    static Gates of(Arguments arguments) {
        double cosine = arguments.real("--min-cosine");
        if (cosine < -1 || cosine > 1) {
            throw new UsageException("--min-cosine takes a cosine, -1 to 1, got " + cosine);
        }
        return new Gates(cosine, arguments.real("--min-sqnr"));
    }

    /** Whether there is a gate at all. */
    boolean any() {
        return !Double.isNaN(cosine) || !Double.isNaN(decibels);
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
        return missed == 0 ? ExitCode.DONE : ExitCode.GATE_MISSED;
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

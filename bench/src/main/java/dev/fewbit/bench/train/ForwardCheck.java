package dev.fewbit.bench.train;

import dev.fewbit.train.operator.OperatorException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Runs float networks on random inputs in ONNX Runtime and on libtorch, and prints a Markdown table
 * of how far apart they are and of the time that both take.
 */
public final class ForwardCheck {
    /** The largest error allowed, in units of the largest absolute output. */
    static final double LIMIT = 1e-4;

    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private ForwardCheck() {}

    /**
     * Checks networks.
     *
     * @param arguments {@code MODEL...}
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: ForwardCheck MODEL...");
            System.exit(BAD_USAGE);
        }
        int threads = Runtime.getRuntime().availableProcessors();
        boolean passed = true;
        System.out.println("| network | inputs | largest error | ONNX Runtime | libtorch |");
        System.out.println("|---|---|---|---|---|");
        for (String argument : arguments) {
            Path model = Path.of(argument);
            try {
                TwoRuns runs = TwoRuns.of(model, threads);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.1e | %.1f ms | %.1f ms |%n",
                        model.getFileName(),
                        runs.inputs(),
                        runs.error(),
                        runs.runtimeMillis(),
                        runs.torchMillis());
                passed &= runs.error() <= LIMIT;
            } catch (OperatorException unsupported) {
                System.out.printf(
                        "| %s | | %s | | |%n", model.getFileName(), unsupported.getMessage());
                passed = false;
            }
        }
        if (!passed) {
            System.err.println("not all networks agree to " + LIMIT);
            System.exit(FAILED);
        }
    }
}

package dev.fewbit.bench.large;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Loads a generated model, or what became of it, into ONNX Runtime and runs it once. */
public final class RunModel {
    private static final int TOKENS = 8;
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private RunModel() {}

    /**
     * Output of the model for the tokens 0 to 7, [1, 8, width].
     *
     * @throws dev.fewbit.runtime.session.RuntimeModelException if ONNX Runtime refuses the model
     */
    static NumberArray run(Path model, int threads) {
        try (ModelSession session =
                ModelSession.open(model, SessionSettings.withThreads(threads))) {
            long[] ids = new long[TOKENS];
            for (int i = 0; i < TOKENS; i++) {
                ids[i] = i;
            }
            Map<String, NumberArray> inputs =
                    Map.of("input_ids", NumberArray.ofLongs(ids, 1, TOKENS));
            return session.run(new Sample(0, inputs, Optional.empty())).values().iterator().next();
        }
    }

    /** The root of the mean square of all numbers; NaN or infinite if one of them is. */
    static double rootMeanSquare(NumberArray array) {
        double sum = 0;
        for (int i = 0; i < array.size(); i++) {
            sum += array.doubleAt(i) * array.doubleAt(i);
        }
        return Math.sqrt(sum / array.size());
    }

    /**
     * Runs a model.
     *
     * @param arguments MODEL
     */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: RunModel MODEL.onnx");
            System.exit(BAD_USAGE);
        }
        long start = System.nanoTime();
        NumberArray output = run(Path.of(arguments[0]), Runtime.getRuntime().availableProcessors());
        double size = rootMeanSquare(output);
        System.out.printf(
                Locale.ROOT,
                "%s: loaded and ran in ONNX Runtime %s in %.1f s; output of size %.3f%n",
                arguments[0],
                ModelSession.runtimeVersion(),
                (System.nanoTime() - start) / 1e9,
                size);
        // The last layer normalizes: anything but about 1 is wrong.
        if (!(size > 0.5 && size < 2)) {
            System.err.println("the output should be of size 1, since the last layer normalizes");
            System.exit(FAILED);
        }
    }
}

package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.runtime.data.NumberArray;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Folds the samples of one model output into its {@link OutputError}; memory is constant. */
final class OutputAccumulator {

    private final String name;
    private final ErrorSums all = new ErrorSums();
    private final TopOne topOne = new TopOne();
    private double cosineSum;
    private double cosineMinimum = 1;
    private long samples;
    private long mismatched;
    private String mismatch = "";

    OutputAccumulator(String name) {
        this.name = name;
    }

    /**
     * Adds one sample.
     *
     * @param original output of the float model
     * @param quantized output of the quantized model
     */
    void add(NumberArray original, NumberArray quantized) {
        if (!Arrays.equals(original.shape(), quantized.shape())) {
            mismatched++;
            mismatch = original + " and " + quantized;
            return;
        }
        ErrorSums sample = new ErrorSums();
        sample.add(original, quantized);
        all.add(sample);
        topOne.add(original, quantized);
        if (sample.count() > 0) {
            samples++;
            cosineSum += sample.cosine();
            cosineMinimum = Math.min(cosineMinimum, sample.cosine());
        }
    }

    /** Whether any sample could be compared. */
    boolean isEmpty() {
        return samples == 0;
    }

    /** The figures over all samples. */
    OutputError error() {
        return new OutputError(
                name,
                all.sqnrDecibels(),
                samples == 0 ? 1 : cosineSum / samples,
                cosineMinimum,
                all.maximumError(),
                topOne.agreement());
    }

    /** What a reader must know to trust the figures, in sentences. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (mismatched > 0) {
            warnings.add(
                    "output '%s' has different shapes in %d samples (%s); they are not compared"
                            .formatted(name, mismatched, mismatch));
        }
        if (all.notFiniteInOriginal() > 0) {
            warnings.add(
                    ("output '%s' of the float model has %d values that are NaN or infinite; they"
                                    + " are left out of its figures")
                            .formatted(name, all.notFiniteInOriginal()));
        }
        if (all.notFiniteInQuantized() > 0) {
            warnings.add(
                    ("output '%s' of the quantized model has %d values that are NaN or infinite"
                                    + " where the float model's are not")
                            .formatted(name, all.notFiniteInQuantized()));
        }
        if (samples == 0 && mismatched == 0) {
            warnings.add(
                    "output '%s' has no finite value to compare in any sample".formatted(name));
        }
        return warnings;
    }
}

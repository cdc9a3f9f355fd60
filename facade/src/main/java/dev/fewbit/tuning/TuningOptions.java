package dev.fewbit.tuning;

import dev.fewbit.Progress;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a tuning works with.
 *
 * @param data samples; empty for random inputs
 * @param tokenizer the tokenizer for samples that are text; empty to look for one beside the data
 * @param samples samples to calibrate on at most
 * @param trialSamples samples on which candidates are held against the float model
 * @param threads threads that work
 * @param progress is told how far the work has come
 */
public record TuningOptions(
        Optional<Path> data,
        Optional<Path> tokenizer,
        int samples,
        int trialSamples,
        int threads,
        Progress progress) {

    /** Samples to calibrate on unless said otherwise: more change next to nothing. */
    public static final int SAMPLES = 512;

    /** Samples on which candidates are tried unless said otherwise. */
    public static final int TRIAL_SAMPLES = 32;

    /** Random inputs, where there is no data: more say nothing more. */
    static final int RANDOM_SAMPLES = 32;

    /** Checks the numbers. */
    public TuningOptions {
        if (samples < 1 || trialSamples < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "samples, trial samples and threads are at least 1, got %d, %d and %d"
                            .formatted(samples, trialSamples, threads));
        }
    }
}

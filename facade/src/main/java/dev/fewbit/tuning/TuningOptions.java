package dev.fewbit.tuning;

import dev.fewbit.Progress;
import dev.fewbit.core.findings.TaskChoice;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a tuning works with.
 *
 * @param data samples; empty to go by saved statistics, or, without those, by random inputs
 * @param tokenizer the tokenizer for samples that are text; empty to look for one beside the data
 * @param task which task's metric counts, for {@code maximumLoss}
 * @param statistics files of statistics: with data, one file at most, which is written; without
 *     data, files that are read and merged
 * @param maximumLoss what the model may lose at most; empty to leave layers in float only where the
 *     model would be useless otherwise. See {@link LossGoal}
 * @param samples samples to calibrate on at most
 * @param trialSamples samples on which candidates are held against the float model
 * @param threads threads that work
 * @param progress is told how far the work has come
 */
public record TuningOptions(
        Optional<Path> data,
        Optional<Path> tokenizer,
        TaskChoice task,
        List<Path> statistics,
        OptionalDouble maximumLoss,
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

    /** Copies the list and checks the numbers. */
    public TuningOptions {
        statistics = List.copyOf(statistics);
        if (samples < 1 || trialSamples < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "samples, trial samples and threads are at least 1, got %d, %d and %d"
                            .formatted(samples, trialSamples, threads));
        }
        if (data.isPresent() && statistics.size() > 1) {
            throw new IllegalArgumentException(
                    "with data, statistics are written, and that to one file; got " + statistics);
        }
        if (maximumLoss.isPresent() && !(maximumLoss.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    "a model may lose 0 or more, got " + maximumLoss.getAsDouble());
        }
    }

    /** Without statistics in files, and without a limit of the loss. */
    public TuningOptions(
            Optional<Path> data,
            Optional<Path> tokenizer,
            int samples,
            int trialSamples,
            int threads,
            Progress progress) {
        this(
                data,
                tokenizer,
                TaskChoice.AUTO,
                List.of(),
                OptionalDouble.empty(),
                samples,
                trialSamples,
                threads,
                progress);
    }
}

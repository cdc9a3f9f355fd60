package dev.fewbit.runtime.calibrate;

import dev.fewbit.runtime.compare.ProgressListener;

import java.util.Objects;

/**
 * How a calibration is carried out. None of this changes its result, the number of samples apart.
 *
 * @param threads threads that run the model, at least 1; where the processor has more cores, as
 *     many again may measure what the model gives
 * @param maximumSamples samples to use at most, at least 1
 * @param mostBytes bytes that the values of one sample may take at once, at least 1; when they take
 *     more, the model is run several times, for some of the values each time
 * @param progress hears how far the calibration is
 */
public record CalibrationOptions(
        int threads, long maximumSamples, long mostBytes, ProgressListener progress) {

    /** Bytes of one sample's values when nothing else is said: 512 MiB. */
    public static final long DEFAULT_MOST_BYTES = 512L << 20;

    /** Rejects what cannot be carried out. */
    public CalibrationOptions {
        Objects.requireNonNull(progress, "progress");
        if (threads < 1 || maximumSamples < 1 || mostBytes < 1) {
            throw new IllegalArgumentException(
                    "threads, samples and bytes must be 1 or more, got %d, %d and %d"
                            .formatted(threads, maximumSamples, mostBytes));
        }
    }

    /**
     * With the usual limit of memory.
     *
     * @param threads threads that run the model, at least 1
     * @param maximumSamples samples to use at most, at least 1
     * @param progress hears how far the calibration is
     */
    public CalibrationOptions(int threads, long maximumSamples, ProgressListener progress) {
        this(threads, maximumSamples, DEFAULT_MOST_BYTES, progress);
    }

    /** All samples, on as many threads as the processor has cores. */
    public static CalibrationOptions defaults() {
        return new CalibrationOptions(
                Runtime.getRuntime().availableProcessors(), Long.MAX_VALUE, ProgressListener.NONE);
    }

    /** The same on another number of threads. */
    public CalibrationOptions withThreads(int count) {
        return new CalibrationOptions(count, maximumSamples, mostBytes, progress);
    }

    /** The same with at most so many samples. */
    public CalibrationOptions withMaximumSamples(long count) {
        return new CalibrationOptions(threads, count, mostBytes, progress);
    }

    /** The same with another limit of memory. */
    public CalibrationOptions withMostBytes(long bytes) {
        return new CalibrationOptions(threads, maximumSamples, bytes, progress);
    }

    /** The same with another listener. */
    public CalibrationOptions withProgress(ProgressListener listener) {
        return new CalibrationOptions(threads, maximumSamples, mostBytes, listener);
    }
}

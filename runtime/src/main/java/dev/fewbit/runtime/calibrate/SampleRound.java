package dev.fewbit.runtime.calibrate;

import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Goes through the samples, once for each group of values. The first round puts off samples that
 * are much larger than those that the groups were made for; the second takes just these.
 */
final class SampleRound {

    private final Samples samples;
    private final CalibrationOptions options;
    private final List<ValueCollector> values;
    private final ValueSizes sizes;
    private final long mostBytes;
    private final @Nullable SampleRound before;
    private @Nullable Sample largestPutOff;
    private long visited;

    /**
     * A round.
     *
     * @param values all values
     * @param sizes what they take
     * @param mostBytes what they may take together in one sample
     * @param before the round that put off the samples of this one; null for the first, which is
     *     for all others
     */
    SampleRound(
            Samples samples,
            CalibrationOptions options,
            List<ValueCollector> values,
            ValueSizes sizes,
            long mostBytes,
            @Nullable SampleRound before) {
        this.samples = samples;
        this.options = options;
        this.values = values;
        this.sizes = sizes;
        this.mostBytes = mostBytes;
        this.before = before;
    }

    /** Runs all samples of this round. */
    void feed(Pipeline pipeline, List<ValueCollector> group, String phase)
            throws IOException, InterruptedException {
        Feeding feeding = new Feeding(pipeline, group, phase);
        samples.visit(feeding::take);
        if (feeding.interruption != null) {
            throw feeding.interruption;
        }
        pipeline.finish();
        visited = feeding.taken;
        options.progress().progress(phase, visited, visited);
    }

    /** Number of samples that were looked at, those that were put off included. */
    long visited() {
        return visited;
    }

    /** The largest of the samples that are left for another round. */
    Optional<Sample> largestPutOff() {
        return Optional.ofNullable(largestPutOff);
    }

    private boolean isMember(Sample sample) {
        return before == null ? fits(sample) : !before.fits(sample);
    }

    private boolean fits(Sample sample) {
        return sizes.bytes(sample, values) <= mostBytes;
    }

    private void putOff(Sample sample) {
        if (before == null
                && (largestPutOff == null
                        || sizes.bytes(sample, values) > sizes.bytes(largestPutOff, values))) {
            largestPutOff = sample;
        }
    }

    /** One time through the samples. */
    private final class Feeding {

        private final Pipeline pipeline;
        private final List<ValueCollector> group;
        private final String phase;
        private final long total;
        private long taken;
        private @Nullable InterruptedException interruption;

        Feeding(Pipeline pipeline, List<ValueCollector> group, String phase) {
            this.pipeline = pipeline;
            this.group = group;
            this.phase = phase;
            OptionalLong count = samples.count();
            long most = options.maximumSamples();
            if (count.isPresent()) {
                total = Math.min(count.getAsLong(), most);
            } else {
                total = most == Long.MAX_VALUE ? -1 : most;
            }
        }

        /** Takes a sample and says whether there may be another. */
        boolean take(Sample sample) throws IOException {
            options.progress().progress(phase, taken, total);
            if (isMember(sample)) {
                try {
                    pipeline.put(sample, sizes.bytes(sample, group));
                } catch (InterruptedException interrupted) {
                    interruption = interrupted;
                    return false;
                }
            } else {
                putOff(sample);
            }
            taken++;
            return taken < options.maximumSamples();
        }
    }
}

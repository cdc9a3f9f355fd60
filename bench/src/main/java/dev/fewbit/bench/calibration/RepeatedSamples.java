package dev.fewbit.bench.calibration;

import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Some samples in memory, over and over, so that reading them costs nothing. */
final class RepeatedSamples implements Samples {

    private final List<Sample> samples;
    private final long count;

    /**
     * Samples.
     *
     * @param samples at least one
     * @param count how many are to come in all
     */
    RepeatedSamples(List<Sample> samples, long count) {
        this.samples = List.copyOf(samples);
        this.count = count;
    }

    @Override
    public String description() {
        return samples.size() + " samples, repeated";
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(count);
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        for (long i = 0; i < count; i++) {
            Sample sample = samples.get((int) (i % samples.size()));
            if (!visitor.visit(new Sample(i, sample.inputs(), sample.label()))) {
                return;
            }
        }
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public void close() {}
}

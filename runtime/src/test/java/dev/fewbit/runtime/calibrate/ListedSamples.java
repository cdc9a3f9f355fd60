package dev.fewbit.runtime.calibrate;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Samples of a test, in memory. */
final class ListedSamples implements Samples {

    private final List<Sample> samples = new ArrayList<>();
    private boolean counted = true;
    private @Nullable IOException failure;

    /** One float input. */
    ListedSamples add(String input, float[] values, long... shape) {
        return add(Map.of(input, NumberArray.ofFloats(values, shape)));
    }

    ListedSamples add(Map<String, NumberArray> inputs) {
        samples.add(new Sample(samples.size(), inputs, Optional.empty()));
        return this;
    }

    /** Rows of normal noise for input x, as batches of these sizes. */
    static ListedSamples rows(int width, long seed, int... batches) {
        ListedSamples listed = new ListedSamples();
        SplittableRandom random = new SplittableRandom(seed);
        for (int batch : batches) {
            float[] values = new float[batch * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            listed.add("x", values, batch, width);
        }
        return listed;
    }

    /** Some of these samples, numbered anew. */
    ListedSamples part(int from, int to) {
        ListedSamples part = new ListedSamples();
        samples.subList(from, to).forEach(sample -> part.add(sample.inputs()));
        return part;
    }

    /** The same, not saying how many there are. */
    ListedSamples uncounted() {
        counted = false;
        return this;
    }

    /** The same, with that after the last one. */
    ListedSamples failing(IOException thrown) {
        failure = thrown;
        return this;
    }

    List<Sample> list() {
        return samples;
    }

    @Override
    public String description() {
        return "listed samples";
    }

    @Override
    public boolean random() {
        return false;
    }

    @Override
    public OptionalLong count() {
        return counted ? OptionalLong.of(samples.size()) : OptionalLong.empty();
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        for (Sample sample : samples) {
            if (!visitor.visit(sample)) {
                return;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public void close() {}
}

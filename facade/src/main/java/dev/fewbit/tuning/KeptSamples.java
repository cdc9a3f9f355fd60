package dev.fewbit.tuning;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * The first of some samples in memory, for those who run many models on them: making a sample of a
 * picture takes longer than running a small network on it.
 */
public final class KeptSamples implements Samples {

    /** Fewer samples are kept when they are large. */
    private static final long MOST_BYTES = 256L << 20;

    private final String description;
    private final boolean random;
    private final List<Sample> kept;

    private KeptSamples(String description, boolean random, List<Sample> kept) {
        this.description = description;
        this.random = random;
        this.kept = kept;
    }

    /**
     * Reads the first samples.
     *
     * @param samples where they come from
     * @param most how many at most, at least 1
     */
    public static KeptSamples of(Samples samples, int most) throws IOException {
        List<Sample> kept = new ArrayList<>();
        long[] bytes = new long[1];
        samples.visit(
                sample -> {
                    kept.add(sample);
                    for (NumberArray array : sample.inputs().values()) {
                        bytes[0] += array.bytes().remaining();
                    }
                    return kept.size() < most && bytes[0] < MOST_BYTES;
                });
        return new KeptSamples(samples.description(), samples.random(), kept);
    }

    /** The samples. */
    public List<Sample> list() {
        return Collections.unmodifiableList(kept);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean random() {
        return random;
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(kept.size());
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        for (Sample sample : kept) {
            if (!visitor.visit(sample)) {
                return;
            }
        }
    }

    /** None: they have been said where the samples came from. */
    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

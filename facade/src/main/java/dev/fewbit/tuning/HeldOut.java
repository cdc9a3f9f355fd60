package dev.fewbit.tuning;

import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.data.TaskSettings;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Samples without the first ones, on which candidates are tried: what is fitted to samples looks
 * better on these than on others.
 */
final class HeldOut implements Samples {
    /** With fewer samples, all serve for both. */
    private static final int ENOUGH = 64;

    /** One in so many is held out at most. */
    private static final int SHARE = 4;

    private final Samples all;
    private final int first;

    private HeldOut(Samples all, int first) {
        this.all = all;
        this.first = first;
    }

    /**
     * How many samples to hold out.
     *
     * @param samples all samples
     * @param most how many are wanted at most
     * @return 0 if there are too few
     */
    static int count(Samples samples, int most) throws IOException {
        int enough = Math.max(ENOUGH, most * SHARE);
        long count = samples.count().isPresent() ? samples.count().getAsLong() : -1;
        if (count < 0) {
            long[] seen = new long[1];
            samples.visit(_ -> ++seen[0] < enough);
            count = seen[0];
        }
        return count < ENOUGH ? 0 : (int) Math.min(most, count / SHARE);
    }

    /** The samples that are not held out. */
    static Samples rest(Samples samples, int heldOut) {
        return heldOut == 0 ? samples : new HeldOut(samples, heldOut);
    }

    @Override
    public String description() {
        return all.description();
    }

    @Override
    public boolean random() {
        return all.random();
    }

    @Override
    public OptionalLong count() {
        return all.count().isPresent()
                ? OptionalLong.of(Math.max(0, all.count().getAsLong() - first))
                : OptionalLong.empty();
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        int[] seen = new int[1];
        all.visit(sample -> seen[0]++ < first || visitor.visit(sample));
    }

    @Override
    public List<String> warnings() {
        return all.warnings();
    }

    @Override
    public Optional<TaskSettings> task() {
        return all.task();
    }

    /** Nothing: the samples belong to who opened them. */
    @Override
    public void close() {
        // Nothing was opened.
    }
}

package dev.fewbit.core.rounding;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Collects the {@link OutputMoments} of a convolution, for each group of its own: inputs are what
 * its kernel is multiplied with at a position of the output, outputs what it is to deliver there.
 * Positions are chosen as by {@link ConvolutionGram}.
 *
 * <p>Memory as {@link OutputGram} for each group. Mutable, not thread-safe. Inputs may differ in
 * height and width. The result depends on the sequence of inputs, not on threads.
 */
public final class ConvolutionOutputGram {

    /** Patches that are cut out at a time. */
    private static final int CHUNK = 256;

    private final int mostPositions;
    private final @Nullable OutputGram[] groups;
    private long images;

    /**
     * Moments of nothing.
     *
     * @param geometry of the convolution; the size of the input does not matter
     * @param outputs channels that it makes, a multiple of its groups
     * @param mostPositions positions to take of one input, at most
     */
    public ConvolutionOutputGram(ConvolutionGeometry geometry, int outputs, int mostPositions) {
        if (mostPositions < 1 || outputs < 1 || outputs % geometry.groups() != 0) {
            throw new IllegalArgumentException(
                    "at least 1 position and outputs in %d equal groups are needed, got %d and %d"
                            .formatted(geometry.groups(), mostPositions, outputs));
        }
        this.mostPositions = mostPositions;
        this.groups = new OutputGram[geometry.groups()];
        for (int g = 0; g < groups.length; g++) {
            groups[g] = new OutputGram(geometry.inputs(), outputs / groups.length);
        }
    }

    /** Number of groups. */
    public int groups() {
        return groups.length;
    }

    /** The moments of a group, which go on being collected. */
    public OutputGram group(int group) {
        return Objects.requireNonNull(groups[group], "this group's moments are taken");
    }

    /** The moments of a group, once: this gives them up, and nothing can be added any more. */
    public OutputGram take(int group) {
        OutputGram taken = group(group);
        groups[group] = null;
        return taken;
    }

    /**
     * Adds an input.
     *
     * @param geometry of the convolution over this input
     * @param image holds {@code [channels, height, width]} numbers of the quantized network
     * @param from index of the first
     * @param out holds {@code [outputs, positions]} numbers that it is to give
     * @param outFrom index of the first
     */
    public void add(
            ConvolutionGeometry geometry,
            float[] image,
            int from,
            float[] out,
            int outFrom,
            Workers workers) {
        if (geometry.groups() != groups.length || geometry.inputs() != group(0).inputs()) {
            throw new IllegalArgumentException(
                    "%d groups of %d inputs are needed, got %d and %d"
                            .formatted(
                                    groups.length,
                                    group(0).inputs(),
                                    geometry.groups(),
                                    geometry.inputs()));
        }
        Patches patches = new Patches(geometry, mostPositions, images++);
        // Threads take groups, or tiles of the one group there is.
        Workers inside = groups.length == 1 ? workers : Workers.sequential();
        Workers outside = groups.length == 1 ? Workers.sequential() : workers;
        outside.run(
                groups.length,
                group -> addGroup(patches, geometry, group, image, from, out, outFrom, inside));
    }

    private void addGroup(
            Patches patches,
            ConvolutionGeometry geometry,
            int group,
            float[] image,
            int from,
            float[] out,
            int outFrom,
            Workers workers) {
        OutputGram gram = group(group);
        int most = Math.min(CHUNK, patches.count());
        float[] rows = new float[most * gram.inputs()];
        float[] targets = new float[most * gram.outputs()];
        int positions = geometry.positions();
        int firstPlane = outFrom + group * gram.outputs() * positions;
        for (int first = 0; first < patches.count(); first += CHUNK) {
            int count = Math.min(CHUNK, patches.count() - first);
            patches.copy(image, from, group, first, count, rows);
            for (int i = 0; i < count; i++) {
                int at = firstPlane + patches.position(first + i);
                for (int output = 0; output < gram.outputs(); output++) {
                    targets[i * gram.outputs() + output] = out[at + output * positions];
                }
            }
            gram.add(rows, 0, targets, 0, count, workers);
        }
    }
}

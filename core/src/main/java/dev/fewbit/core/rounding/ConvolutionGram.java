package dev.fewbit.core.rounding;

import org.jspecify.annotations.Nullable;

/**
 * Collects the second moments of a convolution's inputs, a {@link GramMatrix} for each group: the
 * samples of a group are what its kernel is multiplied with, at every position of the output or at
 * some of them.
 *
 * <p>A layer of d = channels / groups * kernel height * kernel width inputs needs some 10 d samples
 * and gains little from more than 100 d; a picture alone may have 50,000 positions. Which positions
 * are taken is a function of the number of the input since the beginning.
 *
 * <p>Memory as {@link GramMatrix} for each group. Mutable, not thread-safe. Inputs may differ in
 * height and width. The result depends on the sequence of inputs, not on threads.
 */
public final class ConvolutionGram {

    /** Patches that are cut out at a time. */
    private static final int CHUNK = 256;

    private final int channels;
    private final int inputs;
    private final int mostPositions;
    private final GramMatrix[] groups;
    private long images;

    /**
     * Moments of nothing.
     *
     * @param geometry of the convolution; the size of the input does not matter
     * @param mostPositions positions to take of one input, at most
     */
    public ConvolutionGram(ConvolutionGeometry geometry, int mostPositions) {
        if (mostPositions < 1) {
            throw new IllegalArgumentException(
                    "at least 1 position is needed, got " + mostPositions);
        }
        this.channels = geometry.channels();
        this.inputs = geometry.inputs();
        this.mostPositions = mostPositions;
        this.groups = new GramMatrix[geometry.groups()];
        for (int g = 0; g < groups.length; g++) {
            groups[g] = new GramMatrix(inputs);
        }
    }

    /** The moments of a group, which go on being collected. */
    public GramMatrix group(int group) {
        return groups[group];
    }

    /** Number of groups. */
    public int groups() {
        return groups.length;
    }

    /**
     * Adds an input.
     *
     * @param geometry of the convolution over this input
     * @param image holds {@code [channels, height, width]} numbers
     * @param from index of the first
     */
    public void add(ConvolutionGeometry geometry, float[] image, int from, Workers workers) {
        add(geometry, image, from, null, workers);
    }

    /**
     * Adds an input whose positions count more or less than others.
     *
     * @param weights one for each position of the output, row-major; finite and not negative
     */
    public void addWeighted(
            ConvolutionGeometry geometry,
            float[] image,
            int from,
            float[] weights,
            Workers workers) {
        if (weights.length != geometry.positions()) {
            throw new IllegalArgumentException(
                    "%d positions need as many weights, got %d"
                            .formatted(geometry.positions(), weights.length));
        }
        add(geometry, image, from, weights, workers);
    }

    private void add(
            ConvolutionGeometry geometry,
            float[] image,
            int from,
            float @Nullable [] weights,
            Workers workers) {
        if (geometry.channels() != channels
                || geometry.groups() != groups.length
                || geometry.inputs() != inputs) {
            throw new IllegalArgumentException(
                    "%d channels in %d groups of %d inputs are needed, got %d, %d and %d"
                            .formatted(
                                    channels,
                                    groups.length,
                                    inputs,
                                    geometry.channels(),
                                    geometry.groups(),
                                    geometry.inputs()));
        }
        Patches patches = new Patches(geometry, mostPositions, images++);
        // Threads take groups, or tiles of the one group there is.
        Workers inside = groups.length == 1 ? workers : Workers.sequential();
        Workers outside = groups.length == 1 ? Workers.sequential() : workers;
        outside.run(groups.length, group -> addGroup(patches, group, image, from, weights, inside));
    }

    private void addGroup(
            Patches patches,
            int group,
            float[] image,
            int from,
            float @Nullable [] weights,
            Workers workers) {
        float[] rows = new float[Math.min(CHUNK, patches.count()) * inputs];
        float[] rowWeights = new float[CHUNK];
        for (int first = 0; first < patches.count(); first += CHUNK) {
            int count = Math.min(CHUNK, patches.count() - first);
            patches.copy(image, from, group, first, count, rows);
            if (weights == null) {
                groups[group].add(rows, 0, count, workers);
                continue;
            }
            for (int i = 0; i < count; i++) {
                rowWeights[i] = weights[patches.position(first + i)];
            }
            groups[group].addWeighted(rows, 0, count, rowWeights, 0, workers);
        }
    }
}

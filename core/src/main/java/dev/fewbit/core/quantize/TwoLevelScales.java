package dev.fewbit.core.quantize;

/**
 * Scales of blocks as small numbers times one float for each output channel: {@code scale = code *
 * base}, code 1 to 255. A block then costs 8 bits in the place of 32.
 *
 * <p>The base of a channel is its largest scale divided by 255, so a scale is off by half a base at
 * most: 0.2 % of the largest, which is little beside what the choice of a scale is worth (the error
 * of rounding to levels is flat around its minimum). Weights are to be rounded with the scales that
 * come out of here; those are expressed again exactly. Costs one pass over the scales. Immutable.
 */
public final class TwoLevelScales {
    /** Largest code. */
    public static final int LARGEST_CODE = 255;

    private final byte[] codes;
    private final float[] bases;
    private final int blocks;
    private final int inner;

    private TwoLevelScales(byte[] codes, float[] bases, int blocks, int inner) {
        this.codes = codes;
        this.bases = bases;
        this.blocks = blocks;
        this.inner = inner;
    }

    /**
     * The nearest scales that can be expressed.
     *
     * @param scales one for each group, in the order of the geometry; 0 for a group of zeros, which
     *     any scale expresses
     * @param geometry blocks along the runs of a tensor; an output channel is a run
     */
    public static TwoLevelScales of(float[] scales, GroupGeometry geometry) {
        if (scales.length != geometry.groupCount()) {
            throw new IllegalArgumentException(
                    "%d scales for %d groups".formatted(scales.length, geometry.groupCount()));
        }
        int blocks = Math.toIntExact(geometry.groupsPerRun());
        int inner = Math.toIntExact(geometry.inner());
        int channels = Math.toIntExact(geometry.outer() * inner);
        float[] bases = new float[channels];
        for (int group = 0; group < scales.length; group++) {
            int channel = channelOf(group, blocks, inner);
            bases[channel] = Math.max(bases[channel], scales[group]);
        }
        for (int channel = 0; channel < channels; channel++) {
            bases[channel] = base(bases[channel]);
        }
        byte[] codes = new byte[scales.length];
        for (int group = 0; group < scales.length; group++) {
            float base = bases[channelOf(group, blocks, inner)];
            codes[group] = (byte) Math.clamp(Math.round(scales[group] / base), 1, LARGEST_CODE);
        }
        return new TwoLevelScales(codes, bases, blocks, inner);
    }

    /**
     * The base of a channel: the largest normal number with which the largest code does not exceed
     * the largest scale. So scales that were expressed once have the same base again.
     */
    private static float base(float largest) {
        if (largest == 0) {
            return 1;
        }
        float base = Math.max(largest / LARGEST_CODE, Float.MIN_NORMAL);
        while (base > Float.MIN_NORMAL && base * LARGEST_CODE > largest) {
            base = Math.nextDown(base);
        }
        while (Math.nextUp(base) * LARGEST_CODE <= largest) {
            base = Math.nextUp(base);
        }
        return base;
    }

    /** Scale of a group, the product of floats that a runtime computes. */
    public float scale(int group) {
        return (codes[group] & 0xFF) * bases[channelOf(group, blocks, inner)];
    }

    /** Scales of all groups. */
    public float[] scales() {
        float[] scales = new float[codes.length];
        for (int group = 0; group < scales.length; group++) {
            scales[group] = scale(group);
        }
        return scales;
    }

    /** One unsigned byte for each group; a copy. */
    public byte[] codes() {
        return codes.clone();
    }

    /** One float for each output channel, {@code [outer, inner]} row-major; a copy. */
    public float[] bases() {
        return bases.clone();
    }

    private static int channelOf(int group, int blocks, int inner) {
        return group / inner / blocks * inner + group % inner;
    }
}

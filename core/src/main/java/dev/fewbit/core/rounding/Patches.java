package dev.fewbit.core.rounding;

/**
 * What a convolution multiplies its kernel with ("im2col"): for each position of the output and
 * each group a row of {@code [channels / groups, kernel height, kernel width]} elements.
 *
 * <p>Where there are more positions than wanted, some of them are taken at equal distances. Where
 * those begin depends on the number of the input, so that many inputs cover all positions alike; it
 * is a function of that number alone.
 */
final class Patches {

    /** 2^32 divided by the golden ratio: multiples of it, modulo 2^32, spread evenly. */
    private static final long GOLDEN = 0x9E37_79B9L;

    private final ConvolutionGeometry geometry;
    private final int[] positions;

    /**
     * Patches of one input.
     *
     * @param most positions to take at most
     * @param number number of the input
     */
    Patches(ConvolutionGeometry geometry, int most, long number) {
        this.geometry = geometry;
        int all = geometry.positions();
        int count = Math.min(all, most);
        long start = ((number * GOLDEN & 0xFFFF_FFFFL) * all) >>> 32;
        positions = new int[count];
        for (int k = 0; k < count; k++) {
            positions[k] = count == all ? k : (int) (((long) k * all + start) / count);
        }
    }

    /** How many. */
    int count() {
        return positions.length;
    }

    /** Position of the output that a patch belongs to, row-major. */
    int position(int patch) {
        return positions[patch];
    }

    /** Writes some patches of a group, one after the other. */
    void copy(float[] image, int from, int group, int first, int count, float[] into) {
        int at = 0;
        for (int patch = first; patch < first + count; patch++) {
            at = copy(image, from, group, positions[patch], into, at);
        }
    }

    private int copy(float[] image, int from, int group, int position, float[] into, int start) {
        ConvolutionGeometry.Axis vertical = geometry.vertical();
        ConvolutionGeometry.Axis horizontal = geometry.horizontal();
        int row = position / horizontal.outputs();
        int column = position % horizontal.outputs();
        int firstChannel = group * geometry.channelsPerGroup();
        int at = start;
        for (int c = firstChannel; c < firstChannel + geometry.channelsPerGroup(); c++) {
            for (int ky = 0; ky < vertical.kernel(); ky++) {
                int y = vertical.source(row, ky);
                boolean inside = y >= 0 && y < vertical.size();
                int line = from + (c * vertical.size() + y) * horizontal.size();
                for (int kx = 0; kx < horizontal.kernel(); kx++) {
                    int x = horizontal.source(column, kx);
                    into[at++] = inside && x >= 0 && x < horizontal.size() ? image[line + x] : 0;
                }
            }
        }
        return at;
    }
}

package dev.fewbit.training;

import dev.fewbit.runtime.data.Augmentation;
import dev.fewbit.runtime.data.NumberType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Copies pictures a little changed: mirrored, and cut out anew after mirroring their edges
 * outwards. Only float inputs {@code [1, channels, height, width]} are; all else is copied as it
 * is.
 */
final class AugmentedCopy {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private AugmentedCopy() {}

    /**
     * Copies a sample.
     *
     * @param key what is drawn follows from this alone
     */
    static void copy(
            Augmentation how,
            MemorySegment from,
            SampleSpool.Input form,
            MemorySegment to,
            long key) {
        boolean flip = how.flip();
        int crop = how.crop();
        long[] shape = form.shape();
        if ((!flip && crop == 0)
                || shape.length != 4
                || form.type() != NumberType.FLOAT32
                || shape[2] <= 2L * crop
                || shape[3] <= 2L * crop) {
            to.copyFrom(from);
            return;
        }
        SplittableRandom random = new SplittableRandom(key);
        boolean mirrored = flip && random.nextBoolean();
        int down = crop == 0 ? 0 : random.nextInt(2 * crop + 1) - crop;
        int right = crop == 0 ? 0 : random.nextInt(2 * crop + 1) - crop;
        long planes = shape[0] * shape[1];
        int height = Math.toIntExact(shape[2]);
        int width = Math.toIntExact(shape[3]);
        int[] columns = new int[width];
        for (int x = 0; x < width; x++) {
            int source = inside(x + right, width);
            columns[x] = mirrored ? width - 1 - source : source;
        }
        for (long plane = 0; plane < planes; plane++) {
            for (int y = 0; y < height; y++) {
                long source = (plane * height + inside(y + down, height)) * width;
                long target = (plane * height + y) * width;
                for (int x = 0; x < width; x++) {
                    to.setAtIndex(FLOAT, target + x, from.getAtIndex(FLOAT, source + columns[x]));
                }
            }
        }
    }

    /** Places beyond an edge are seen in a mirror that stands on it. */
    private static int inside(int place, int length) {
        return place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place;
    }
}

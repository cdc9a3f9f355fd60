package dev.fewbit.runtime.picture;

/**
 * Resizes pictures as Pillow does, and with it torchvision and timm: separable, columns first, then
 * rows, rounded to 8 bits after each.
 *
 * <p>Pixel centres lie at half-integers: output i looks at input position {@code c = (i + 0.5) * in
 * / out}. With antialiasing the filter is stretched by {@code in / out} when the picture shrinks,
 * so that every input pixel counts; without, it keeps its width, as OpenCV's {@code INTER_LINEAR}
 * does. What would lie outside of the picture is left out and the other weights are scaled to a sum
 * of 1. Weights are rounded to 22 fractional bits, as in Pillow's {@code Resample.c}, so that 8-bit
 * results agree bit by bit. A direction whose size stays is left alone.
 */
public final class Resampling {

    private static final int FRACTION_BITS = 22;

    /** The curve that weighs the neighbours of a position. */
    public enum Filter {
        /** {@code 1 - |x|} within one pixel. */
        BILINEAR(1),
        /** Keys' cubic with a = -0.5 within two pixels. */
        BICUBIC(2);

        private final double support;

        Filter(double support) {
            this.support = support;
        }

        /** Weight at a distance in pixels of the coarser grid. */
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x >= support) {
                return 0;
            }
            return switch (this) {
                case BILINEAR -> 1 - x;
                case BICUBIC ->
                        x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
            };
        }
    }

    private Resampling() {}

    /**
     * Resizes.
     *
     * @param picture what to resize
     * @param width columns wanted
     * @param height rows wanted
     * @param filter which curve
     * @param antialias whether the filter grows when the picture shrinks
     */
    public static Picture resize(
            Picture picture, int width, int height, Filter filter, boolean antialias) {
        Picture wide = picture;
        if (width != picture.width()) {
            Taps taps = new Taps(picture.width(), width, filter, antialias);
            wide = new Picture(width, picture.height(), columns(picture, taps, width));
        }
        if (height == wide.height()) {
            return wide;
        }
        Taps taps = new Taps(wide.height(), height, filter, antialias);
        return new Picture(width, height, rows(wide, taps, height));
    }

    private static byte[] columns(Picture picture, Taps taps, int width) {
        byte[] in = picture.samples();
        byte[] out = new byte[3 * width * picture.height()];
        for (int y = 0; y < picture.height(); y++) {
            int row = 3 * y * picture.width();
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < 3; band++) {
                    out[3 * (y * width + x) + band] =
                            taps.sum(x, in, row + 3 * taps.first[x] + band, 3);
                }
            }
        }
        return out;
    }

    private static byte[] rows(Picture picture, Taps taps, int height) {
        byte[] in = picture.samples();
        int stride = 3 * picture.width();
        byte[] out = new byte[stride * height];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < stride; i++) {
                out[y * stride + i] = taps.sum(y, in, taps.first[y] * stride + i, stride);
            }
        }
        return out;
    }

    /** Which inputs every output is made of. */
    private static final class Taps {
        private final int[] first;
        private final int[][] weights;

        Taps(int in, int out, Filter filter, boolean antialias) {
            double scale = (double) in / out;
            double stretch = antialias ? Math.max(scale, 1) : 1;
            double support = filter.support * stretch;
            first = new int[out];
            weights = new int[out][];
            for (int i = 0; i < out; i++) {
                double centre = (i + 0.5) * scale;
                int from = Math.max((int) (centre - support + 0.5), 0);
                int to = Math.min((int) (centre + support + 0.5), in);
                double[] shares = new double[to - from];
                double sum = 0;
                for (int k = 0; k < shares.length; k++) {
                    shares[k] = filter.weight((from + k - centre + 0.5) / stretch);
                    sum += shares[k];
                }
                first[i] = from;
                weights[i] = new int[shares.length];
                for (int k = 0; k < shares.length; k++) {
                    double fixed = shares[k] / sum * (1 << FRACTION_BITS);
                    weights[i][k] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
                }
            }
        }

        byte sum(int output, byte[] in, int start, int stride) {
            int sum = 1 << (FRACTION_BITS - 1);
            int at = start;
            for (int weight : weights[output]) {
                sum += weight * (in[at] & 0xff);
                at += stride;
            }
            return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
        }
    }
}

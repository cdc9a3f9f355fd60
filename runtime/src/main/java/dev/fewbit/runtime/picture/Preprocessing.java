package dev.fewbit.runtime.picture;

import dev.fewbit.runtime.picture.Resampling.Filter;

import java.util.List;

/**
 * What happens to a picture before a network sees it, in this order: resize, crop, take channels,
 * {@code value = (sample * scale - mean) / deviation}, pad.
 *
 * @param sizing how the picture comes to its size
 * @param filter curve of the resizing
 * @param antialias whether resizing lets every pixel count when a picture shrinks
 * @param layout order of the axes
 * @param channels which channels in which order
 * @param scale factor of the 8-bit samples, for example 1/255
 * @param mean subtracted after scaling, one per channel in the order of {@code channels}
 * @param deviation divided by after that, one per channel, none 0
 */
public record Preprocessing(
        Sizing sizing,
        Filter filter,
        boolean antialias,
        Layout layout,
        Channels channels,
        double scale,
        List<Double> mean,
        List<Double> deviation) {

    /** Order of the axes. */
    public enum Layout {
        /** Channel, row, column. */
        NCHW,
        /** Row, column, channel. */
        NHWC
    }

    /** Which channels in which order. */
    public enum Channels {
        /** Red, green, blue. */
        RGB(3),
        /** Blue, green, red. */
        BGR(3),
        /** One: {@code (19595 R + 38470 G + 7471 B + 32768) / 65536}, as Pillow has it. */
        GRAY(1);

        private final int count;

        Channels(int count) {
            this.count = count;
        }

        /** How many. */
        public int count() {
            return count;
        }

        private int sample(Picture picture, int x, int y, int channel) {
            return switch (this) {
                case RGB -> picture.sample(x, y, channel);
                case BGR -> picture.sample(x, y, 2 - channel);
                case GRAY -> {
                    int luma =
                            19595 * picture.sample(x, y, 0)
                                    + 38470 * picture.sample(x, y, 1)
                                    + 7471 * picture.sample(x, y, 2);
                    yield (luma + 0x8000) >> 16;
                }
            };
        }
    }

    /** Copies the lists and checks their lengths. */
    public Preprocessing {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != channels.count() || deviation.size() != channels.count()) {
            throw new IllegalArgumentException(
                    "mean and deviation take one number for each of "
                            + channels.count()
                            + " channels, got "
                            + mean.size()
                            + " and "
                            + deviation.size());
        }
        for (double value : deviation) {
            if (value == 0) {
                throw new IllegalArgumentException("a deviation of 0 cannot be divided by");
            }
        }
    }

    /**
     * Prepares one picture.
     *
     * @return rows and columns of the result, and the values in the order of the layout
     * @throws UnusablePictureException if the picture is smaller than what is cut out of it
     */
    public Prepared apply(Picture picture) throws UnusablePictureException {
        Picture sized = sizing.apply(picture, filter, antialias);
        int height = sized.height();
        int width = sizing.paddedWidth(sized.width());
        int count = channels.count();
        float[] values = new float[count * height * width];
        for (int channel = 0; channel < count; channel++) {
            float[] table = table(channel);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < sized.width(); x++) {
                    int at =
                            switch (layout) {
                                case NCHW -> (channel * height + y) * width + x;
                                case NHWC -> (y * width + x) * count + channel;
                            };
                    values[at] = table[channels.sample(sized, x, y, channel)];
                }
            }
        }
        return new Prepared(height, width, values);
    }

    /** The value of every sample that there can be. */
    private float[] table(int channel) {
        float[] table = new float[256];
        for (int sample = 0; sample < table.length; sample++) {
            double centred = sample * scale - mean.get(channel);
            table[sample] = (float) (centred / deviation.get(channel));
        }
        return table;
    }
}

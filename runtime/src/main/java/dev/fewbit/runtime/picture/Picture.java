package dev.fewbit.runtime.picture;

/** A picture of 8-bit red, green and blue, row by row from the top; immutable from outside. */
public final class Picture {

    private final int width;
    private final int height;
    private final byte[] samples;

    /**
     * Wraps samples.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @param samples red, green and blue of each pixel in turn; not to be changed any more
     */
    public Picture(int width, int height, byte[] samples) {
        if (width < 1 || height < 1 || samples.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    width + " x " + height + " pixels do not take " + samples.length + " bytes");
        }
        this.width = width;
        this.height = height;
        this.samples = samples;
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /**
     * One sample, 0 to 255.
     *
     * @param x column
     * @param y row
     * @param band 0 red, 1 green, 2 blue
     */
    public int sample(int x, int y, int band) {
        return samples[3 * (y * width + x) + band] & 0xff;
    }

    /** The samples themselves, for the loops of this package. */
    byte[] samples() {
        return samples;
    }

    /**
     * A part.
     *
     * @param left first column
     * @param top first row
     * @param columns width of the part, all inside
     * @param rows height of the part, all inside
     */
    public Picture crop(int left, int top, int columns, int rows) {
        byte[] part = new byte[3 * columns * rows];
        for (int y = 0; y < rows; y++) {
            System.arraycopy(
                    samples, 3 * ((top + y) * width + left), part, 3 * y * columns, 3 * columns);
        }
        return new Picture(columns, rows, part);
    }
}

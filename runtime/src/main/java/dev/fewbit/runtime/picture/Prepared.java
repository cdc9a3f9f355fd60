package dev.fewbit.runtime.picture;

/** A picture as a network takes it. */
public final class Prepared {

    private final int height;
    private final int width;
    private final float[] values;

    Prepared(int height, int width, float[] values) {
        this.height = height;
        this.width = width;
        this.values = values;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Columns, padding included. */
    public int width() {
        return width;
    }

    /** All values in the order of the layout; the caller's to keep. */
    public float[] values() {
        return values;
    }
}

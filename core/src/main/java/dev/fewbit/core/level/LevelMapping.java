package dev.fewbit.core.level;

/**
 * The definition of quantization to the levels of a table.
 *
 * <pre>
 * dequantize(c) = scale * table[c]                                  product in float
 * quantize(x)   = the c whose dequantize(c) is nearest to x; of two that are as near, the one
 *                 with the smaller value; of codes with equal values, one of them
 * </pre>
 *
 * <p>Nearest is meant exactly: thresholds are the midpoints of neighbouring values, rounded down to
 * floats, which no float lies between. A code is found by halving, in {@code bits} steps without
 * branches. Immutable.
 */
public final class LevelMapping {

    private final LevelTable table;
    private final float scale;

    /** What the codes stand for. */
    private final float[] values;

    /** Largest float that belongs to the value with the same index, in ascending order. */
    private final float[] thresholds;

    /** 0, or the largest code where a negative scale turns the order around. */
    private final int flip;

    /**
     * A table and a scale.
     *
     * @param scale finite, not zero, and such that no level overflows; may be negative
     */
    public LevelMapping(LevelTable table, float scale) {
        int size = table.size();
        if (scale == 0 || !Float.isFinite(scale) || !Float.isFinite(scale * table.extreme())) {
            throw new IllegalArgumentException(
                    ("a scale is finite, not zero and times the largest level, %s, finite too,"
                                    + " got %s")
                            .formatted(table.extreme(), scale));
        }
        this.table = table;
        this.scale = scale;
        flip = scale < 0 ? size - 1 : 0;
        values = new float[size];
        for (int code = 0; code < size; code++) {
            values[code] = scale * table.level(code);
        }
        thresholds = new float[size - 1];
        for (int i = 0; i < size - 1; i++) {
            double middle = ((double) values[i ^ flip] + values[(i + 1) ^ flip]) / 2;
            float threshold = (float) middle;
            thresholds[i] = threshold > middle ? Math.nextDown(threshold) : threshold;
        }
    }

    /** A table without a scale. */
    public LevelMapping(LevelTable table) {
        this(table, 1);
    }

    /** The levels. */
    public LevelTable table() {
        return table;
    }

    /** What levels are multiplied by. */
    public float scale() {
        return scale;
    }

    /**
     * The code of a value.
     *
     * @param value any finite number
     */
    public int quantize(float value) {
        int index = 0;
        for (int step = values.length >> 1; step > 0; step >>= 1) {
            index += value > thresholds[index + step - 1] ? step : 0;
        }
        return index ^ flip;
    }

    /**
     * The value of a code.
     *
     * @param code 0 to {@code table().size() - 1}
     */
    public float dequantize(int code) {
        return values[code];
    }

    /**
     * Codes of evenly spaced values.
     *
     * @param stride distance from one value to the next
     * @param codes receives one code a byte, those above 127 included
     * @param codeStride distance from one code to the next
     */
    public void quantize(
            float[] from, int first, int count, int stride, byte[] codes, int at, int codeStride) {
        for (int i = 0; i < count; i++) {
            codes[at + i * codeStride] = (byte) quantize(from[first + i * stride]);
        }
    }
}

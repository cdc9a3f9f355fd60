package dev.fewbit.runtime.data;

/**
 * One dimension of a model input: a fixed size, or one that is free.
 *
 * @param size the size, or -1 when it is free
 * @param symbol name of a free size such as {@code batch_size}; empty when it has none
 */
public record Dimension(long size, String symbol) {

    /** Size of a dimension that is free. */
    public static final long FREE = -1;

    /** Rejects negative sizes other than {@link #FREE}. */
    public Dimension {
        if (size < FREE) {
            throw new IllegalArgumentException("a dimension is -1 or more, got " + size);
        }
    }

    /** Whether any size is accepted. */
    public boolean isFree() {
        return size == FREE;
    }

    /** The size, or the symbol, or a question mark. */
    @Override
    public String toString() {
        if (!isFree()) {
            return Long.toString(size);
        }
        return symbol.isEmpty() ? "?" : symbol;
    }
}

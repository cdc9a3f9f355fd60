package dev.fewbit.runtime.text;

/** What a tokenizer makes of one text. */
public final class TokenizedText {

    private final long[] ids;
    private final long[] types;

    /**
     * Wraps arrays, which are not to be changed any more.
     *
     * @param ids token ids, special ones included
     * @param types segment of each token
     */
    public TokenizedText(long[] ids, long[] types) {
        if (ids.length != types.length) {
            throw new IllegalArgumentException(
                    ids.length + " tokens cannot have " + types.length + " segments");
        }
        this.ids = ids;
        this.types = types;
    }

    /** Token ids, special ones included; not to be changed. */
    public long[] ids() {
        return ids;
    }

    /** Segment of each token; not to be changed. */
    public long[] types() {
        return types;
    }
}

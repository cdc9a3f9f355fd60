package dev.fewbit.bench.large;

/**
 * Dimensions of a decoder-only transformer.
 *
 * @param vocabulary rows of the embedding table
 * @param width numbers that stand for a token, a multiple of {@code heads}
 * @param inner width of the gated perceptron in each layer
 * @param heads attention heads
 * @param layers number of layers
 */
record TransformerSize(int vocabulary, int width, int inner, int heads, int layers) {
    private static final int HEAD_WIDTH = 64;
    private static final int NARROWEST = 64;
    private static final int WIDEST = 4096;

    /** Fewer than this many layers would say little about going through a model layer by layer. */
    private static final int FEWEST_LAYERS = 8;

    TransformerSize {
        if (vocabulary < 1 || width < 1 || inner < 1 || heads < 1 || layers < 1) {
            throw new IllegalArgumentException(
                    "dimensions must be 1 or more, got "
                            + vocabulary
                            + ", "
                            + width
                            + ", "
                            + inner
                            + ", "
                            + heads
                            + ", "
                            + layers);
        }
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "the width must be a multiple of the heads, got " + width + " and " + heads);
        }
    }

    /**
     * The widest transformer of usual proportions whose float weights take about {@code bytes}:
     * within half a layer, which is at most a sixteenth.
     *
     * @throws IllegalArgumentException if not even the narrowest one is that small
     */
    static TransformerSize ofBytes(long bytes) {
        for (int width = WIDEST; width >= NARROWEST; width /= 2) {
            TransformerSize one = ofWidth(width, 1);
            long table = one.tableWeights() * Float.BYTES;
            long layer = one.layerWeights() * Float.BYTES;
            long layers = Math.round((double) (bytes - table) / layer);
            if (layers >= FEWEST_LAYERS) {
                return ofWidth(width, Math.toIntExact(layers));
            }
        }
        TransformerSize smallest = ofWidth(NARROWEST, FEWEST_LAYERS);
        throw new IllegalArgumentException(
                "the smallest model takes "
                        + smallest.weights() * Float.BYTES
                        + " bytes, got "
                        + bytes
                        + " to fill; ask for a larger one");
    }

    private static TransformerSize ofWidth(int width, int layers) {
        // The inner width is 8/3 of the width, in whole blocks of 32, as in the Llama models.
        return new TransformerSize(
                width * 8, width, width * 8 / 3 / 32 * 32, width / HEAD_WIDTH, layers);
    }

    /** Numbers in the embedding table. */
    long tableWeights() {
        return (long) vocabulary * width;
    }

    /** Numbers in the seven matrices and two normalizations of a layer. */
    long layerWeights() {
        return 4L * width * width + 3L * width * inner + 2L * width;
    }

    /** All numbers in the model. */
    long weights() {
        return tableWeights() + layers * layerWeights() + width;
    }
}

package dev.fewbit.train.operator;

/** Attention and what belongs to it. */
final class Attentions {
    private Attentions() {}

    static void addTo(Operators.Taker all) {
        all.take("Attention", Attention::run);
        all.single("RotaryEmbedding", RotaryEmbedding::run);
    }
}

package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores of {@link Attention}: the mask, and minus infinity where a query must
 * not see a key, because it is later, outside the window, or padding.
 */
final class AttentionBias {
    private static final int MASK = 3;
    private static final int PAST_KEY = 4;
    private static final int LENGTHS = 6;

    private final Call call;
    private final Tensor scores;
    private final long queries;
    private final long keys;

    private AttentionBias(Call call, Tensor scores) {
        this.call = call;
        this.scores = scores;
        queries = scores.size(2);
        keys = scores.size(3);
    }

    /**
     * The bias.
     *
     * @param scores [batch, heads, queries, keys]
     * @return in a shape that fits the scores; null if there is none
     */
    static @Nullable Tensor of(Call call, Tensor scores) {
        AttentionBias bias = new AttentionBias(call, scores);
        Tensor mask = call.has(MASK) ? bias.mask() : null;
        Tensor forbidden = bias.forbidden();
        if (mask == null || forbidden == null) {
            return mask == null ? forbidden : mask;
        }
        return mask.add(forbidden);
    }

    private Tensor mask() {
        Tensor mask = call.input(MASK);
        Tensor bias = mask.scalar_type().intern() == ScalarType.Bool ? infiniteUnless(mask) : mask;
        long missing = keys - bias.size(-1);
        return missing == 0
                ? bias
                : Window.padded(bias, new long[] {0, missing}, Double.NEGATIVE_INFINITY);
    }

    private Tensor infiniteUnless(Tensor allowed) {
        return torch.zeros_like(allowed)
                .to(scores.scalar_type())
                .masked_fill(allowed.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    }

    /** What causality, window and lengths forbid; null if nothing. */
    private @Nullable Tensor forbidden() {
        boolean causal = call.node().intAttribute("is_causal", 0) != 0;
        long left = call.node().intAttribute("left_window_size", -1);
        long right = call.node().intAttribute("right_window_size", -1);
        Tensor allowed = null;
        // How many places each key is behind each query, [batch or 1, 1, queries, keys].
        Tensor ahead = keyPlaces().sub(queryPlaces());
        if (causal) {
            allowed = ahead.le(new Scalar(0));
        }
        if (left >= 0) {
            allowed = both(allowed, ahead.ge(new Scalar(-left)));
        }
        if (right >= 0) {
            allowed = both(allowed, ahead.le(new Scalar(right)));
        }
        if (call.has(LENGTHS)) {
            allowed = both(allowed, keyPlaces().lt(lengths()));
        }
        return allowed == null ? null : infiniteUnless(allowed);
    }

    private static Tensor both(@Nullable Tensor allowed, Tensor also) {
        return allowed == null ? also : allowed.logical_and(also);
    }

    /** [1, 1, 1, keys] */
    private Tensor keyPlaces() {
        return counted(keys).reshape(1, 1, 1, keys);
    }

    /** Places of the queries among the keys, [batch or 1, 1, queries, 1]. */
    private Tensor queryPlaces() {
        Tensor places = counted(queries).reshape(1, 1, queries, 1);
        if (call.has(PAST_KEY)) {
            return places.add(new Scalar(call.input(PAST_KEY).size(2)));
        }
        return call.has(LENGTHS) ? places.add(lengths().sub(new Scalar(queries))) : places;
    }

    /** [batch, 1, 1, 1] */
    private Tensor lengths() {
        return call.input(LENGTHS).reshape(-1, 1, 1, 1);
    }

    private static Tensor counted(long count) {
        long[] all = new long[Math.toIntExact(count)];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        return Tensors.ofLongs(all, count);
    }
}

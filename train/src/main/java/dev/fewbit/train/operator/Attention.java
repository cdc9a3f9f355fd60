package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Attention: mixes the values by how well each query matches the keys, several heads at a time.
 *
 * <p>Source: the operator specification, version 25; Vaswani et al., <a
 * href="https://arxiv.org/abs/1706.03762">Attention is all you need</a>.
 */
final class Attention {
    private static final int QUERY = 0;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int PAST_KEY = 4;
    private static final int PAST_VALUE = 5;

    private Attention() {}

    static List<? extends @Nullable Tensor> run(Call call) {
        Tensor query = byHead(call, QUERY, "q_num_heads");
        Tensor key = withPast(call, byHead(call, KEY, "kv_num_heads"), PAST_KEY);
        Tensor value = withPast(call, byHead(call, VALUE, "kv_num_heads"), PAST_VALUE);
        double scale = call.node().floatAttribute("scale", 0);
        if (call.node().attribute("scale") == null) {
            scale = 1 / Math.sqrt((double) query.size(3));
        }
        long repeats = query.size(1) / key.size(1);
        // Large products may overflow in half precision: both sides are scaled before.
        double half = Math.sqrt(scale);
        Tensor raw =
                torch.matmul(
                        Numbers.times(query, half),
                        Numbers.times(repeated(key, repeats), half).transpose(2, 3));
        Tensor capped = capped(raw, call.node().floatAttribute("softcap", 0));
        Tensor bias = AttentionBias.of(call, capped);
        Tensor biased = bias == null ? capped : capped.add(bias);
        Tensor shares = shares(call, biased, bias);
        Tensor y = torch.matmul(shares, repeated(value, repeats));
        if (call.rank(QUERY) == 3) {
            y = y.transpose(1, 2).reshape(y.size(0), y.size(2), y.size(1) * y.size(3));
        }
        int shown = Math.toIntExact(call.node().intAttribute("qk_matmul_output_mode", 0));
        Tensor scores =
                switch (shown) {
                    case 0 -> raw;
                    case 1 -> capped;
                    case 2 -> biased;
                    case 3 -> shares;
                    default -> throw call.failure("has qk_matmul_output_mode " + shown);
                };
        return List.of(y, call.same(key), call.same(value), call.same(scores));
    }

    /** An input as [batch, heads, sequence, head size]. */
    private static Tensor byHead(Call call, int index, String attribute) {
        Tensor tensor = call.input(index);
        if (tensor.dim() == 4) {
            return tensor;
        }
        long heads = call.node().intAttribute(attribute, 0);
        if (heads < 1) {
            throw call.failure("has inputs of three dimensions, but no " + attribute);
        }
        long[] shape = Tensors.shape(tensor);
        return tensor.reshape(shape[0], shape[1], heads, shape[2] / heads).transpose(1, 2);
    }

    private static Tensor withPast(Call call, Tensor now, int past) {
        return call.has(past) ? torch.cat(new TensorVector(call.input(past), now), 2) : now;
    }

    /** Every head as often as queries share it. */
    private static Tensor repeated(Tensor heads, long repeats) {
        return repeats == 1
                ? heads
                : heads.repeat_interleave(repeats, new LongOptional(1), new LongOptional());
    }

    private static Tensor capped(Tensor scores, double cap) {
        return cap > 0 ? Numbers.times(torch.tanh(Numbers.times(scores, 1 / cap)), cap) : scores;
    }

    private static Tensor shares(Call call, Tensor biased, @Nullable Tensor bias) {
        ScalarType type = biased.scalar_type().intern();
        Tensor scores = biased.to(precision(call, type));
        if (bias == null) {
            return torch.softmax(scores, -1).to(type);
        }
        // Queries that see no key get zeros; they must not spoil the gradients of the others.
        Tensor blind =
                torch.amax(bias, new long[] {-1}, true).eq(new Scalar(Double.NEGATIVE_INFINITY));
        Tensor safe = scores.masked_fill(blind, new Scalar(0));
        return torch.softmax(safe, -1).masked_fill(blind, new Scalar(0)).to(type);
    }

    private static ScalarType precision(Call call, ScalarType type) {
        int code = Math.toIntExact(call.node().intAttribute("softmax_precision", 0));
        return switch (code) {
            case 0 -> type;
            case 1 -> ScalarType.Float;
            case 10 -> ScalarType.Half;
            case 11 -> ScalarType.Double;
            case 16 -> ScalarType.BFloat16;
            default -> throw call.failure("has softmax_precision " + code);
        };
    }
}

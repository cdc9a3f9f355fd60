package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * RotaryEmbedding: pairs of elements of each head are turned by angles that depend on their place
 * in the sequence.
 *
 * <p>Source: Su et al., <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>.
 */
final class RotaryEmbedding {
    private RotaryEmbedding() {}

    static Tensor run(Call call) {
        // [batch, sequence, heads, head size]
        Tensor x = call.input(0);
        boolean headsFirst = x.dim() == 4;
        if (headsFirst) {
            x = x.transpose(1, 2);
        } else {
            long heads = call.node().intAttribute("num_heads", 0);
            if (heads < 1) {
                throw call.failure("has an input of three dimensions, but no num_heads");
            }
            x = x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads);
        }
        long turned = call.node().intAttribute("rotary_embedding_dim", 0);
        turned = turned == 0 ? x.size(3) : turned;
        boolean interleaved = call.node().intAttribute("interleaved", 0) != 0;
        Tensor part = x.narrow(3, 0, turned);
        Tensor first = interleaved ? every(part, 0) : part.narrow(3, 0, turned / 2);
        Tensor second = interleaved ? every(part, 1) : part.narrow(3, turned / 2, turned / 2);
        Tensor cosine = angles(call, 1);
        Tensor sine = angles(call, 2);
        Tensor real = cosine.mul(first).sub(sine.mul(second));
        Tensor imaginary = sine.mul(first).add(cosine.mul(second));
        Tensor result =
                interleaved
                        ? torch.stack(new TensorVector(real, imaginary), 4).reshape_as(part)
                        : torch.cat(new TensorVector(real, imaginary), 3);
        if (turned < x.size(3)) {
            Tensor rest = x.narrow(3, turned, x.size(3) - turned);
            result = torch.cat(new TensorVector(result, rest), 3);
        }
        return headsFirst ? result.transpose(1, 2) : result.reshape(Tensors.shape(call.input(0)));
    }

    private static Tensor every(Tensor part, long start) {
        return part.slice(3, new LongOptional(start), new LongOptional(), 2);
    }

    /** Cosines or sines, [batch, sequence, 1, pairs]. */
    private static Tensor angles(Call call, int index) {
        Tensor table = call.input(index);
        if (call.has(3)) {
            Tensor places = call.input(3).to(ScalarType.Long);
            table =
                    torch.index_select(table, 0, places.reshape(-1))
                            .reshape(places.size(0), places.size(1), table.size(1));
        }
        return table.unsqueeze(2);
    }
}

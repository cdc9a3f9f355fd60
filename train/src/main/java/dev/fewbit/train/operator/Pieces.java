package dev.fewbit.train.operator;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pieces of tensors: joined, cut, repeated. */
final class Pieces {
    private Pieces() {}

    static void addTo(Operators.Taker all) {
        all.single("Concat", Pieces::concat);
        all.take("Split", Pieces::split);
        all.single("Slice", Pieces::slice);
        all.single("Tile", call -> torch.tile(call.input(0), call.longs(1)));
    }

    private static Tensor concat(Call call) {
        TensorVector parts = new TensorVector();
        for (int i = 0; i < call.inputs(); i++) {
            parts.push_back(call.input(i));
        }
        long axis = call.node().intAttribute("axis", 0);
        return torch.cat(parts, call.axis(axis, call.rank(0)));
    }

    private static List<Tensor> split(Call call) {
        Tensor x = call.input(0);
        int axis = call.axis(call.node().intAttribute("axis", 0), call.rank(0));
        long[] given = call.longsOrNull(1);
        long[] sizes = given != null ? given : even(call, x.size(axis));
        if (Arrays.stream(sizes).sum() != x.size(axis)) {
            throw call.failure(
                    "cuts %d elements into pieces of %s"
                            .formatted(x.size(axis), Arrays.toString(sizes)));
        }
        List<Tensor> parts = new ArrayList<>();
        long start = 0;
        for (long size : sizes) {
            parts.add(x.narrow(axis, start, size));
            start += size;
        }
        return parts;
    }

    /** As many equal sizes as there are outputs, the last smaller where that does not work out. */
    private static long[] even(Call call, long length) {
        int count =
                Math.toIntExact(
                        call.node().intAttribute("num_outputs", call.node().outputs().size()));
        long size = Math.ceilDiv(length, count);
        long[] sizes = new long[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = Math.clamp(length - i * size, 0, size);
        }
        return sizes;
    }

    private static Tensor slice(Call call) {
        long[] starts = call.longs(1);
        long[] ends = call.longs(2);
        long[] axes = call.longsOrNull(3);
        long[] steps = call.longsOrNull(4);
        Tensor result = call.same(call.input(0));
        for (int i = 0; i < starts.length; i++) {
            int axis = call.axis(axes == null ? i : axes[i], call.rank(0));
            long step = steps == null ? 1 : steps[i];
            if (step == 0) {
                throw call.failure("has a step of 0");
            }
            result = slice(result, axis, starts[i], ends[i], step);
        }
        return result;
    }

    private static Tensor slice(Tensor x, int axis, long start, long end, long step) {
        long length = x.size(axis);
        // Bounds may be as large as integers go, where sums would overflow.
        long from = start < 0 ? start + length : start;
        long to = end < 0 ? end + length : end;
        long stride = Math.clamp(Math.abs(Math.max(step, -Long.MAX_VALUE)), 1, length + 1);
        if (step > 0) {
            from = Math.clamp(from, 0, length);
            return strided(x, axis, from, Math.clamp(to, from, length), stride);
        }
        // libtorch has no backward steps: the same elements forward, then turned around.
        from = Math.clamp(from, -1, length - 1);
        to = Math.clamp(to, -1, from);
        long count = Math.ceilDiv(from - to, stride);
        long lowest = count == 0 ? from + 1 : from - (count - 1) * stride;
        return strided(x, axis, lowest, from + 1, stride).flip(axis);
    }

    private static Tensor strided(Tensor x, int axis, long from, long to, long stride) {
        return x.slice(axis, new LongOptional(from), new LongOptional(to), stride);
    }
}

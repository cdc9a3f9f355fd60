package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;

import java.util.Arrays;
import java.util.stream.LongStream;

/** What gives elements another shape, or tells of their shape. */
final class Shapes {
    private Shapes() {}

    static void addTo(Operators.Taker all) {
        all.single("Identity", call -> call.same(call.input(0)));
        all.single("Reshape", Shapes::reshape);
        all.single("Flatten", Shapes::flatten);
        all.single("Transpose", Shapes::transpose);
        all.single("Squeeze", Shapes::squeeze);
        all.single("Unsqueeze", Shapes::unsqueeze);
        all.single("Expand", Shapes::expand);
        all.single("Shape", Shapes::shape);
        all.single("Size", call -> Tensors.ofLongs(new long[] {call.input(0).numel()}));
    }

    private static Tensor reshape(Call call) {
        long[] shape = call.longs(1);
        if (call.node().intAttribute("allowzero", 0) == 0) {
            for (int i = 0; i < shape.length; i++) {
                shape[i] = shape[i] == 0 ? call.input(0).size(i) : shape[i];
            }
        }
        return call.input(0).reshape(shape);
    }

    private static Tensor flatten(Call call) {
        long[] shape = Tensors.shape(call.input(0));
        long axis = call.node().intAttribute("axis", 1);
        int cut = Math.toIntExact(axis < 0 ? axis + shape.length : axis);
        return call.input(0).reshape(size(shape, 0, cut), size(shape, cut, shape.length));
    }

    /** Number of elements along the axes from one to before another. */
    static long size(long[] shape, int from, int to) {
        return Arrays.stream(shape, from, to).reduce(1, (a, b) -> a * b);
    }

    private static Tensor transpose(Call call) {
        long[] order = call.node().intsAttribute("perm");
        if (order == null) {
            int rank = call.rank(0);
            order = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        }
        return call.input(0).permute(order);
    }

    private static Tensor squeeze(Call call) {
        Tensor x = call.input(0);
        long[] given = call.longsOrNull(1);
        if (given == null) {
            return x.squeeze();
        }
        long[] axes = call.axes(given, call.rank(0));
        for (long axis : axes) {
            if (x.size(axis) != 1) {
                throw call.failure(
                        "cannot remove axis %d of size %d from %s"
                                .formatted(axis, x.size(axis), Arrays.toString(Tensors.shape(x))));
            }
        }
        return x.squeeze(axes);
    }

    private static Tensor unsqueeze(Call call) {
        long[] given = call.longs(1);
        long[] axes = call.axes(given, call.rank(0) + given.length);
        Arrays.sort(axes);
        Tensor result = call.same(call.input(0));
        for (long axis : axes) {
            result = result.unsqueeze(axis);
        }
        return result;
    }

    private static Tensor expand(Call call) {
        long[] shape = Tensors.shape(call.input(0));
        long[] wanted = call.longs(1);
        // Broadcasting goes both ways: a size of 1 in the wanted shape keeps the one there is.
        int rank = Math.max(shape.length, wanted.length);
        long[] result = new long[rank];
        for (int i = 0; i < rank; i++) {
            int own = i - rank + shape.length;
            int other = i - rank + wanted.length;
            long there = own < 0 ? 1 : shape[own];
            result[i] = other < 0 || wanted[other] == 1 ? there : wanted[other];
        }
        return call.input(0).expand(result);
    }

    private static Tensor shape(Call call) {
        long[] shape = Tensors.shape(call.input(0));
        int start = place(call.node().intAttribute("start", 0), shape.length);
        int end = place(call.node().intAttribute("end", shape.length), shape.length);
        long[] part = Arrays.copyOfRange(shape, start, Math.max(start, end));
        return Tensors.ofLongs(part, part.length);
    }

    private static int place(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }
}

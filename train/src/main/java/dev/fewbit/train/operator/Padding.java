package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/** Elements put around a tensor, or cut off where their number is negative. */
final class Padding {
    private Padding() {}

    static void addTo(Operators.Taker all) {
        all.single("Pad", Elements.widened(Padding::pad));
    }

    private static Tensor pad(Call call) {
        int rank = call.rank(0);
        long[] pads = call.longs(1);
        long[] given = call.longsOrNull(3);
        long[] axes = given == null ? LongStream.range(0, rank).toArray() : call.axes(given, rank);
        if (pads.length != 2 * axes.length) {
            throw call.failure(
                    "takes %d amounts, for both ends of %d axes, got %d"
                            .formatted(2 * axes.length, axes.length, pads.length));
        }
        String mode = call.node().stringAttribute("mode", "constant");
        Scalar value = mode.equals("constant") ? value(call) : new Scalar(0);
        Tensor result = call.same(call.input(0));
        for (int i = 0; i < axes.length; i++) {
            long axis = axes[i];
            long before = pads[i];
            long behind = pads[axes.length + i];
            result = cut(result, axis, Math.max(0, -before), Math.max(0, -behind));
            before = Math.max(0, before);
            behind = Math.max(0, behind);
            if (before + behind > 0) {
                result =
                        mode.equals("constant")
                                ? constant(result, axis, before, behind, value)
                                : chosen(call, result, axis, before, behind, mode);
            }
        }
        return result;
    }

    private static Tensor cut(Tensor x, long axis, long before, long behind) {
        return before + behind == 0 ? x : x.narrow(axis, before, x.size(axis) - before - behind);
    }

    private static Scalar value(Call call) {
        if (!call.has(2)) {
            return new Scalar(0);
        }
        Tensor value = call.input(2);
        return Elements.areFloats(value)
                ? new Scalar(value.item_double())
                : new Scalar(value.item_long());
    }

    private static Tensor constant(Tensor x, long axis, long before, long behind, Scalar value) {
        // Two amounts for each axis, the last axis first.
        long[] backwards = new long[Math.toIntExact(2 * (x.dim() - axis))];
        backwards[backwards.length - 2] = before;
        backwards[backwards.length - 1] = behind;
        return torch.constant_pad_nd(x, backwards, value);
    }

    /** Elements of the tensor itself around it. */
    private static Tensor chosen(
            Call call, Tensor x, long axis, long before, long behind, String mode) {
        long length = x.size(axis);
        LongUnaryOperator source =
                switch (mode) {
                    case "edge" -> place -> Math.clamp(place, 0, length - 1);
                    case "wrap" -> place -> Math.floorMod(place, length);
                    case "reflect" -> place -> reflected(place, length);
                    default -> throw call.failure("has the unknown mode '" + mode + "'");
                };
        if (length == 0) {
            throw call.failure("has nothing to put around an axis of size 0");
        }
        long[] places = LongStream.range(-before, length + behind).map(source).toArray();
        return x.index_select(axis, Tensors.ofLongs(places, places.length));
    }

    private static long reflected(long place, long length) {
        if (length == 1) {
            return 0;
        }
        long turn = Math.floorMod(place, 2 * (length - 1));
        return turn < length ? turn : 2 * (length - 1) - turn;
    }
}

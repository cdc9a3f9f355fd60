package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;

import java.util.Arrays;

/** What rearranges elements or tells of their places. */
final class Shapes {
    private Shapes() {}

    static void addTo(Operators.Taker all) {
        all.single("Identity", call -> call.same(call.input(0)));
        all.single("Reshape", Shapes::reshape);
        all.single("Flatten", Shapes::flatten);
        all.single("Transpose", Shapes::transpose);
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
        long outer = Arrays.stream(shape, 0, cut).reduce(1, (a, b) -> a * b);
        long inner = Arrays.stream(shape, cut, shape.length).reduce(1, (a, b) -> a * b);
        return call.input(0).reshape(outer, inner);
    }

    private static Tensor transpose(Call call) {
        long[] order = call.node().intsAttribute("perm");
        if (order == null) {
            int rank = call.rank(0);
            order = new long[rank];
            for (int i = 0; i < rank; i++) {
                order[i] = rank - 1L - i;
            }
        }
        return call.input(0).permute(order);
    }
}

package dev.fewbit.train.operator;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.List;

/** Elements, or slices along an axis, each once. */
final class UniqueElements {
    private UniqueElements() {}

    static void addTo(Operators.Taker all) {
        all.take("Unique", UniqueElements::unique);
    }

    private static List<Tensor> unique(Call call) {
        Tensor x = call.input(0);
        boolean flat = call.node().attribute("axis") == null;
        Tensor from = flat ? x.reshape(x.numel()) : x;
        int axis = flat ? 0 : call.axis(call.node().intAttribute("axis", 0), call.rank(0));
        T_TensorTensorTensor_T found = torch.unique_dim(from, axis, true, true, true);
        Tensor groups = found.get1();
        Tensor counts = found.get2();
        Tensor first = first(groups, counts.numel());
        if (call.node().intAttribute("sorted", 1) != 0) {
            return List.of(from.index_select(axis, first), first, groups.alias(), counts.alias());
        }
        Tensor order = torch.sort(first, new BoolOptional(true), 0, false).get1();
        Tensor places = torch.empty_like(order).scatter(0, order, counting(order));
        Tensor firstInOrder = first.index_select(0, order);
        return List.of(
                from.index_select(axis, firstInOrder),
                firstInOrder,
                places.index_select(0, groups),
                counts.index_select(0, order));
    }

    /** Where each group is seen first. */
    private static Tensor first(Tensor groups, long count) {
        Tensor behindAll =
                MadeTensors.counting(count).mul(new Scalar(0)).add(new Scalar(groups.numel()));
        return torch.scatter_reduce(behindAll, 0, groups, counting(groups), "amin");
    }

    private static Tensor counting(Tensor like) {
        return MadeTensors.counting(like.numel());
    }
}

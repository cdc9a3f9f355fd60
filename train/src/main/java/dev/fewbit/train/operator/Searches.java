package dev.fewbit.train.operator;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.List;

/** Where elements are that are largest, smallest, or not zero. */
final class Searches {
    private Searches() {}

    static void addTo(Operators.Taker all) {
        all.single("ArgMax", call -> extreme(call, true));
        all.single("ArgMin", call -> extreme(call, false));
        all.single("Hardmax", Searches::hardmax);
        all.take("TopK", Searches::top);
        all.single("NonZero", Searches::nonZero);
    }

    private static Tensor extreme(Call call, boolean largest) {
        Tensor x = call.input(0);
        int axis = call.axis(call.node().intAttribute("axis", 0), call.rank(0));
        boolean keeps = call.node().intAttribute("keepdims", 1) != 0;
        if (call.node().intAttribute("select_last_index", 0) == 0) {
            return firstExtreme(x, axis, keeps, largest);
        }
        Tensor fromBehind = firstExtreme(x.flip(axis), axis, keeps, largest);
        return fromBehind.neg().add(new Scalar(x.size(axis) - 1));
    }

    private static Tensor firstExtreme(Tensor x, int axis, boolean keeps, boolean largest) {
        LongOptional along = new LongOptional(axis);
        return largest ? torch.argmax(x, along, keeps) : torch.argmin(x, along, keeps);
    }

    private static Tensor hardmax(Call call) {
        Tensor x = call.input(0);
        int axis = Activations.lastAxis(call);
        Tensor place = firstExtreme(x, axis, true, true);
        return torch.zeros_like(x).scatter(axis, place, new Scalar(1));
    }

    private static List<Tensor> top(Call call) {
        long count = call.longs(1)[0];
        int axis = call.axis(call.node().intAttribute("axis", -1), call.rank(0));
        boolean largest = call.node().intAttribute("largest", 1) != 0;
        if (count > call.input(0).size(axis)) {
            throw call.failure(
                    "asks for %d of %d elements".formatted(count, call.input(0).size(axis)));
        }
        // Of equal elements the one in front comes first, which libtorch's own topk leaves open.
        T_TensorTensor_T sorted = torch.sort(call.input(0), new BoolOptional(true), axis, largest);
        return List.of(sorted.get0().narrow(axis, 0, count), sorted.get1().narrow(axis, 0, count));
    }

    private static Tensor nonZero(Call call) {
        Tensor x = call.input(0);
        // A number counts as a list of one.
        return torch.nonzero(x.dim() == 0 ? x.unsqueeze(0) : x).t();
    }
}

package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Elements as another type. A float becomes the integer towards zero; what becomes of one that does
 * not fit is undefined in ONNX as in libtorch.
 */
final class Casts {
    private Casts() {}

    static void addTo(Operators.Taker all) {
        all.single("Cast", Casts::cast);
        all.single("CastLike", call -> call.input(0).to(Elements.type(call.input(1))));
    }

    private static Tensor cast(Call call) {
        if (call.node().attribute("to") == null) {
            throw call.failure("lacks the attribute 'to'");
        }
        return call.input(0).to(MadeTensors.type(call, "to", ScalarType.Float));
    }
}

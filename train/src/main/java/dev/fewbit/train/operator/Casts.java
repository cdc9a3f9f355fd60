package dev.fewbit.train.operator;

import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Elements as another type. A float becomes the integer towards zero; what becomes of one that does
 * not fit is undefined in ONNX as in libtorch.
 */
final class Casts {
    private Casts() {}

    static void addTo(Operators.Taker all) {
        all.single("Cast", call -> call.input(0).to(wanted(call)));
        all.single("CastLike", call -> call.input(0).to(Elements.type(call.input(1))));
        all.single("BitCast", call -> call.input(0).view(wanted(call)));
    }

    private static ScalarType wanted(Call call) {
        if (call.node().attribute("to") == null) {
            throw call.failure("lacks the attribute 'to'");
        }
        return MadeTensors.type(call, "to", ScalarType.Float);
    }
}

package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.List;
import java.util.Objects;

/** Lets go of float constants that nothing reads any more. */
final class DeadConstants {
    private DeadConstants() {}

    /** Removes a constant that has lost its readers, and the Identity nodes before it. */
    static void remove(Value value) {
        if (value.isUsed()) {
            return;
        }
        Node producer = value.producer();
        if (producer == null) {
            if (value.initializer() != null) {
                Objects.requireNonNull(value.graph()).removeInitializer(value);
            }
        } else if (producer.is("Constant") || producer.is("Identity")) {
            List<Value> inputs = producer.inputs().stream().filter(Objects::nonNull).toList();
            Objects.requireNonNull(producer.graph()).remove(producer);
            inputs.forEach(DeadConstants::remove);
        }
    }
}

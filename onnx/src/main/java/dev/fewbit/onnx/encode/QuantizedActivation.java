package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

/**
 * The three outputs of DynamicQuantizeLinear.
 *
 * @param codes uint8, in the shape of the activation
 * @param scale float scalar
 * @param zeroPoint uint8 scalar
 */
record QuantizedActivation(Value codes, Value scale, Value zeroPoint) {

    /** {@code x -> DynamicQuantizeLinear -> codes, scale, zero point} */
    static QuantizedActivation insert(Value activation, NodeInserter nodes) {
        String name = nodes.graph().freshName(activation.name() + "/DynamicQuantizeLinear");
        Node node = new Node("DynamicQuantizeLinear", name, activation);
        Value codes = node.addOutput(nodes.graph().freshName(name + "_codes"));
        Value scale = node.addOutput(nodes.graph().freshName(name + "_scale"));
        Value zeroPoint = node.addOutput(nodes.graph().freshName(name + "_zero_point"));
        nodes.insert(node);
        return new QuantizedActivation(codes, scale, zeroPoint);
    }
}

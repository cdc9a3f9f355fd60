package dev.fewbit.planning;

import dev.fewbit.SmallModels;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

/**
 * A network such as pictures are classified with, a weight of each kind:
 *
 * <pre>{@code
 * picture [1, 3, 12, 12] -> Sub -> Conv(first [16, 3, 3, 3]) -> Relu
 *     -> Conv(depthwise [16, 1, 3, 3], group = 16) -> Conv(pointwise [32, 16, 1, 1]) -> Relu
 *     -> Conv(middle [32, 32, 3, 3]) -> Relu -> Mul by Relu(Conv(gate [1, 32, 1, 1]))
 *     -> GlobalAveragePool -> Flatten
 *     -> Gemm(last [32, 10]) -> Softmax
 * }</pre>
 */
final class PictureNet {
    private final Graph graph = new Graph("pictures");

    private PictureNet() {}

    static Model model() {
        return new PictureNet().build();
    }

    private Model build() {
        Value picture = new Value("picture");
        picture.setType(ElementType.FLOAT, Shape.of(1, 3, 12, 12));
        graph.addInput(picture);
        Value centred = node("Sub", "centred", picture, weight("mean", 1, 3, 1, 1));
        Value value = relu(convolution("first", centred, 1, 16, 3, 3, 3));
        value = convolution("depthwise", value, 16, 16, 1, 3, 3);
        value = relu(convolution("pointwise", value, 1, 32, 16, 1, 1));
        value = relu(convolution("middle", value, 1, 32, 32, 3, 3));
        value = node("Mul", "gated", value, relu(convolution("gate", value, 1, 1, 32, 1, 1)));
        value = node("Flatten", "flat", node("GlobalAveragePool", "pooled", value));
        value = node("Gemm", "logits", value, weight("last", 32, 10));
        Value output = node("Softmax", "classes", value);
        output.setType(ElementType.FLOAT, Shape.of(1, 10));
        graph.addOutput(output);
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        return model;
    }

    private Value convolution(String name, Value input, int groups, long... shape) {
        Value output = node("Conv", name + "_output", input, weight(name, shape));
        Node node = output.producer();
        if (node != null) {
            node.setAttribute("group", groups);
            long border = shape[3] / 2;
            node.setAttribute("pads", new long[] {border, border, border, border});
        }
        return output;
    }

    private Value relu(Value input) {
        return node("Relu", input.name() + "_relu", input);
    }

    private Value weight(String name, long... shape) {
        int count = (int) Tensor.elementCount(shape);
        return graph.addInitializer(
                name, Tensor.ofFloats(shape, SmallModels.random(count, name.length())));
    }

    private Value node(String operator, String output, Value... inputs) {
        Node node = new Node(operator, output + "_node", inputs);
        Value made = node.addOutput(output);
        graph.add(node);
        return made;
    }
}

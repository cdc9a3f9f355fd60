package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The body of a node such as a loop. */
final class Subgraph {
    private final Call call;
    private final Graph graph;

    private Subgraph(Call call, Graph graph) {
        this.call = call;
        this.graph = graph;
    }

    /** The one that an attribute holds. */
    static Subgraph of(Call call, String name) {
        Attribute attribute = call.node().attribute(name);
        if (attribute != null && attribute.value() instanceof AttributeValue.GraphValue found) {
            return new Subgraph(call, found.graph());
        }
        throw call.failure("lacks the graph '" + name + "'");
    }

    int inputs() {
        return graph.inputs().size();
    }

    int outputs() {
        return graph.outputs().size();
    }

    List<Tensor> run(List<Tensor> inputs) {
        if (inputs.size() != inputs()) {
            throw call.failure(
                    "gives its body %d values; that takes %d".formatted(inputs.size(), inputs()));
        }
        return call.runSubgraph(graph, inputs);
    }

    /** What one output was in every round, along a new axis; closes the rounds. */
    Tensor stacked(List<Tensor> rounds, int output, long axis) {
        if (rounds.isEmpty()) {
            return none(graph.outputs().get(output), axis);
        }
        TensorVector vector = new TensorVector();
        rounds.forEach(vector::push_back);
        Tensor stacked = torch.stack(vector, axis);
        rounds.forEach(Tensor::close);
        return stacked;
    }

    /** No rounds at all: type and shape are what the graph states, 0 where it states none. */
    private Tensor none(Value output, long axis) {
        ElementType type = output.elementType();
        Shape shape = output.shape();
        if (type == null || !Tensors.computesWith(type)) {
            throw call.failure(
                    "does no round, and its body does not state the type of " + output.name());
        }
        List<Long> sizes = new ArrayList<>();
        if (shape != null) {
            IntStream.range(0, shape.rank()).forEach(i -> sizes.add(shape.size(i).orElse(0)));
        }
        sizes.add(call.axis(axis, sizes.size() + 1), 0L);
        long[] result = sizes.stream().mapToLong(size -> size).toArray();
        return Tensors.empty(result, Tensors.type(type));
    }
}

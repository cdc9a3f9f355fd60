package dev.fewbit.runtime.prepare;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.prepare.GraphPreparation;
import dev.fewbit.onnx.prepare.PreparationNote;
import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.constant.RuntimeConstants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Builds a model for a test, with weights drawn from a seed. */
final class Sketch {

    private final Graph graph = new Graph("sketch");
    private final int opset;
    private final SplittableRandom random = new SplittableRandom(7);

    Sketch() {
        this(17);
    }

    Sketch(int opset) {
        this.opset = opset;
    }

    Graph graph() {
        return graph;
    }

    /** A float input; names are free dimensions. */
    Value input(String name, Object... shape) {
        return input(name, ElementType.FLOAT, shape);
    }

    Value input(String name, ElementType type, Object... shape) {
        Value value = TestModels.value(name, type, shape);
        graph.addInput(value);
        return value;
    }

    /** Random weights between -1 and 1. */
    Value weights(String name, long... shape) {
        return positive(name, -1, shape);
    }

    /** Random weights between a least value and 1. */
    Value positive(String name, double least, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(least, 1);
        }
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    Value floats(String name, long[] shape, float... values) {
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    Value longs(String name, long... values) {
        return graph.addInitializer(name, Tensor.ofLongs(new long[] {values.length}, values));
    }

    Value constant(String name, Tensor tensor) {
        Node node = new Node("Constant", "", new Value[0]);
        node.setAttribute("value", tensor);
        graph.add(node);
        return node.addOutput(name);
    }

    Value node(String operator, String output, Value... inputs) {
        return node(operator, output, _ -> {}, inputs);
    }

    Value node(String operator, String output, Consumer<Node> attributes, Value... inputs) {
        Node node = new Node(operator, operator + "_of_" + output, inputs);
        attributes.accept(node);
        graph.add(node);
        return node.addOutput(output);
    }

    /** A batch normalization with parameters of its own. */
    Value batchNorm(String output, Value data, long channels) {
        return node(
                "BatchNormalization",
                output,
                data,
                weights(output + ".gamma", channels),
                weights(output + ".beta", channels),
                weights(output + ".mean", channels),
                positive(output + ".variance", 0.1, channels));
    }

    Sketch output(Value... values) {
        for (Value value : values) {
            graph.addOutput(value);
        }
        return this;
    }

    Model model() {
        Model model = new Model(8, graph);
        model.setOpset("", opset);
        return model;
    }

    /** A model of its own with the same bytes. */
    static Model copy(Model model) {
        try {
            return OnnxReader.read(OnnxWriter.toBytes(model));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A copy of a model after these passes. */
    static Model prepared(Model model, Preparation... passes) {
        Model copy = copy(model);
        prepare(copy, passes);
        return copy;
    }

    /** A copy of the model after these passes, which computes the same. */
    Model preparedAlike(Preparation... passes) {
        Model copy = prepared(model(), passes);
        Equivalence.assertSame(model(), copy);
        return copy;
    }

    /** The value of a model's constant. */
    static Value initializer(Model model, String name) {
        return model.graph().initializers().keySet().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Clip to [0, 6], in the form of the opset. */
    Value clipToSix(String name, Value input) {
        if (opset < 11) {
            return node(
                    "Clip",
                    name,
                    n -> {
                        n.setAttribute("min", 0f);
                        n.setAttribute("max", 6f);
                    },
                    input);
        }
        return node(
                "Clip",
                name,
                input,
                floats(name + ".min", new long[0], 0),
                floats(name + ".max", new long[0], 6));
    }

    static List<PreparationNote> prepare(Model model, Preparation... passes) {
        return new GraphPreparation(new RuntimeConstants()).apply(model, List.of(passes));
    }

    /** The operators of a model's own graph, in order. */
    static List<String> operators(Model model) {
        List<String> operators = new ArrayList<>();
        model.graph().nodes().forEach(node -> operators.add(node.opType()));
        return operators;
    }
}

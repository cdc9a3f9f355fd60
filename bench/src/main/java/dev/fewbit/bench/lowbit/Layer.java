package dev.fewbit.bench.lowbit;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberArray;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A network of one layer with normally distributed weights.
 *
 * @param operator {@code Conv} with a border that keeps the size, or {@code MatMul}
 * @param input shape of the input
 * @param weight shape of the weight
 */
record Layer(String operator, List<Long> input, List<Long> weight) {

    /** {@code 64 -> 64} channels, 3 x 3, on 56 x 56. */
    static final Layer CONVOLUTION =
            new Layer("Conv", List.of(1L, 64L, 56L, 56L), List.of(64L, 64L, 3L, 3L));

    /** A product of some rows with a matrix of 2048 x 2048. */
    static Layer product(long rows) {
        return new Layer("MatMul", List.of(rows, 2048L), List.of(2048L, 2048L));
    }

    /** Numbers between -1 and 1. */
    NumberArray sample() {
        Random random = new Random(1);
        float[] values = new float[Math.toIntExact(count(input))];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return NumberArray.ofFloats(values, array(input));
    }

    /** Writes the float network. */
    void write(Path file) throws IOException {
        OnnxWriter.write(model(), file, WriteOptions.defaults());
    }

    /** Writes the network with its weight quantized. */
    void write(Path file, Affine format, Grouping grouping, Encoding encoding) throws IOException {
        Model model = model();
        new ModelEncoder(model, Measuring.NOTHING).encode(plan(format, grouping, encoding));
        OnnxWriter.write(model, file, WriteOptions.defaults());
    }

    private Model model() {
        Graph graph = new Graph("layer");
        Value x = new Value("x");
        x.setType(ElementType.FLOAT, Shape.of(array(input)));
        graph.addInput(x);
        Random random = new Random(0);
        float[] values = new float[Math.toIntExact(count(weight))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Value w = graph.addInitializer("w", Tensor.ofFloats(array(weight), values));
        Node node = new Node(operator, "layer", x, w);
        if (operator.equals("Conv")) {
            node.setAttribute("pads", new long[] {1, 1, 1, 1});
        }
        Value y = node.addOutput("y");
        y.setType(ElementType.FLOAT, null);
        graph.add(node);
        graph.addOutput(y);
        Model model = new Model(8, graph);
        model.setOpset("", 13);
        return model;
    }

    private Plan plan(Affine format, Grouping grouping, Encoding encoding) {
        WeightPlan planned =
                new WeightPlan(
                        "w",
                        weight,
                        format,
                        grouping,
                        new RangeMethod.MinMax(),
                        List.of(new UsePlan("layer", operator, encoding)),
                        "measured");
        GraphPlan graph =
                encoding == Encoding.INTEGER
                        ? new GraphPlan(
                                List.of(),
                                List.of(),
                                List.of(levels("x", 1), levels("y", 80)),
                                List.of(
                                        new OperatorPlan(
                                                "layer", operator, Arithmetic.INTEGER, "measured")))
                        : GraphPlan.NONE;
        return new Plan("layer.onnx", "measured", 0, graph, List.of(planned), List.of());
    }

    private static ActivationPlan levels(String value, float largest) {
        Affine format = new Affine(8, false, false);
        return new ActivationPlan(
                value, format, AffineParameters.of(-largest, largest, format), "known", "measured");
    }

    private static long count(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private static long[] array(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String toString() {
        return operator + " " + Arrays.toString(array(weight)) + " on " + input;
    }
}

package dev.fewbit.encoding;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.onnx.weight.WeightUse;
import dev.fewbit.runtime.data.NumberArray;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Networks of one weight that deliver the weight itself: as a product with the unit matrix, or by
 * looking up all rows. Large enough for every way of packing to pay, of sizes that no block
 * divides.
 */
enum LowBitWeights {
    /** {@code MatMul(unit [172, 172], w [172, 160])} */
    MATRIX(172, Encoding.DEQUANTIZED_MATMUL, new long[] {172, 160}, LowBitWeights::product),
    /** The same with columns that fill no byte. */
    ODD_MATRIX(172, Encoding.DEQUANTIZED_MATMUL, new long[] {172, 161}, LowBitWeights::product),
    /** {@code Gemm(unit [172, 172], w [161, 172], transB = 1)} */
    TRANSPOSED_MATRIX(
            172,
            Encoding.DEQUANTIZED_MATMUL,
            new long[] {161, 172},
            (graph, weight) -> {
                Value delivered = node(graph, "Gemm", graph.inputs().getFirst(), weight);
                delivered.producer().setAttribute("transB", 1);
                return delivered;
            }),
    /** {@code MatMul(unit [172, 172], w [172, 160])}, unpacked at load. */
    FOLDED_MATRIX(172, Encoding.FOLDED, new long[] {172, 160}, LowBitWeights::product),
    /** The same with columns that fill no byte. */
    ODD_FOLDED_MATRIX(172, Encoding.FOLDED, new long[] {172, 161}, LowBitWeights::product),
    /** {@code MatMul(unit [43, 43], w [4, 43, 161])}: groups in the middle. */
    STACK(43, Encoding.FOLDED, new long[] {4, 43, 161}, LowBitWeights::product),
    /** {@code Conv(unit [43, 43, 1], w [640, 43, 1])} */
    KERNEL(
            43,
            Encoding.FOLDED,
            new long[] {640, 43, 1},
            (graph, weight) -> {
                Value unit = graph.inputs().getFirst();
                Value axes = longs(graph, "last", 2);
                return node(graph, "Conv", node(graph, "Unsqueeze", unit, axes), weight);
            }),
    /** {@code Gather(w [160, 176], 0 .. 159)}; 16 divides the rows. */
    TABLE(0, Encoding.GATHERED_ROWS, new long[] {160, 176}, LowBitWeights::rows),
    /** {@code Gather(w [160, 173], 0 .. 159)}; rows fill no byte. */
    ODD_TABLE(0, Encoding.GATHERED_ROWS, new long[] {160, 173}, LowBitWeights::rows),
    /** {@code Gather(w, 0 .. 159) -> MatMul(unit [173, 173], Transpose(w))}, stored once. */
    TIED(
            173,
            Encoding.GATHERED_ROWS,
            new long[] {160, 173},
            (graph, weight) -> {
                Value rows = rows(graph, weight);
                rows.setType(ElementType.FLOAT, null);
                graph.addOutput(rows);
                Value turned = node(graph, "Transpose", weight);
                turned.producer().setAttribute("perm", new long[] {1, 0});
                return product(graph, turned);
            });

    private final int unit;
    private final Encoding encoding;

    @SuppressWarnings("ImmutableEnumChecker") // handed out as copies only
    private final long[] shape;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiFunction<Graph, Value, Value> build;

    LowBitWeights(
            int unit, Encoding encoding, long[] shape, BiFunction<Graph, Value, Value> build) {
        this.unit = unit;
        this.encoding = encoding;
        this.shape = shape;
        this.build = build;
    }

    /** The float network. */
    Model model(Function<float[], float[]> change) {
        Graph graph = new Graph("weights");
        Value input = new Value("x");
        input.setType(unit == 0 ? ElementType.INT64 : ElementType.FLOAT, Shape.of(input().shape()));
        graph.addInput(input);
        Value weight = graph.addInitializer("w", Tensor.ofFloats(shape, change.apply(weights())));
        Value output = build.apply(graph, weight);
        output.setType(ElementType.FLOAT, null);
        graph.addOutput(output);
        Model model = new Model(8, graph);
        model.setOpset("", 13);
        return model;
    }

    /** Random weights; one channel and some blocks are zeros alone. */
    private float[] weights() {
        Random random = new Random(name().hashCode());
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            boolean zero = i / shape[shape.length - 1] % 40 < 20 && i % shape[1] == 3;
            weights[i] = zero ? 0 : (float) (random.nextGaussian() * Math.exp(-i % 7));
        }
        return weights;
    }

    Map<String, NumberArray> inputs() {
        return Map.of("x", input());
    }

    private NumberArray input() {
        if (unit == 0) {
            long[] ids = IntStream.range(0, (int) shape[0]).mapToLong(i -> i).toArray();
            return NumberArray.ofLongs(ids, ids.length);
        }
        float[] diagonal = new float[unit * unit];
        for (int i = 0; i < unit; i++) {
            diagonal[i * unit + i] = 1;
        }
        return NumberArray.ofFloats(diagonal, unit, unit);
    }

    /** A plan with this format for the weight, encoded as it should be where that is possible. */
    Plan plan(WeightFormat format, Grouping grouping) {
        int size = grouping.size();
        boolean kernelTakesBlocks =
                grouping.kind() != Grouping.Kind.BLOCK
                        || (Integer.bitCount(size) == 1 && size >= 16 && size <= 256);
        boolean integers = !(format instanceof LevelFormat levels) || levels.integral();
        Encoding product =
                kernelTakesBlocks && integers ? Encoding.DEQUANTIZED_MATMUL : Encoding.FOLDED;
        return plan(format, grouping, product);
    }

    /** A plan in which products have this encoding. */
    Plan plan(WeightFormat format, Grouping grouping, Encoding product) {
        WeightSite site = WeightSites.find(model(weights -> weights)).getFirst();
        return new Plan(
                "weights.onnx",
                "int4-weights",
                0,
                List.of(
                        new WeightPlan(
                                "w",
                                Arrays.stream(shape).boxed().toList(),
                                format,
                                grouping,
                                new RangeMethod.MinMax(),
                                site.uses().stream().map(use -> use(use, product)).toList(),
                                "tested")),
                List.of());
    }

    private UsePlan use(WeightUse use, Encoding product) {
        boolean right = use.isRightOperand() && encoding != Encoding.FOLDED;
        return new UsePlan(Labels.of(use.node()), use.node().opType(), right ? product : encoding);
    }

    /** Whether a low-bit matrix kernel should run. */
    boolean isProduct() {
        return encoding == Encoding.DEQUANTIZED_MATMUL || this == TIED;
    }

    /** Whether rows are looked up at every run. */
    boolean looksUp() {
        return encoding == Encoding.GATHERED_ROWS;
    }

    private static Value product(Graph graph, Value weight) {
        return node(graph, "MatMul", graph.inputs().getFirst(), weight);
    }

    private static Value rows(Graph graph, Value weight) {
        Value ids = graph.inputs().getFirst();
        if (ids.elementType() != ElementType.INT64) {
            ids = longs(graph, "ids", IntStream.range(0, 160).mapToLong(i -> i).toArray());
        }
        return node(graph, "Gather", weight, ids);
    }

    private static Value longs(Graph graph, String name, long... values) {
        return graph.addInitializer(name, Tensor.ofLongs(new long[] {values.length}, values));
    }

    private static Value node(Graph graph, String operator, Value... inputs) {
        Node node = new Node(operator, graph.freshName(operator), inputs);
        Value output = node.addOutput(graph.freshName(operator + "_output"));
        graph.add(node);
        return output;
    }
}

package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Operators whose text or defaults changed in a way that is held to be compatible: the choice of
 * those where a mistake about it would change numbers.
 */
final class CompatibleCases {

    private CompatibleCases() {}

    static List<RaisingCase> all() {
        List<RaisingCase> cases = new ArrayList<>();
        pooling(cases);
        convolutions(cases);
        indexing(cases);
        arithmetic(cases);
        quantization(cases);
        return cases;
    }

    private static void pooling(List<RaisingCase> cases) {
        for (String operator : List.of("MaxPool", "AveragePool", "LpPool")) {
            Consumer<Node> window =
                    node -> {
                        node.setAttribute("kernel_shape", new long[] {3, 2});
                        node.setAttribute("strides", new long[] {2, 1});
                    };
            add(cases, operator, 7, window.andThen(ints("pads", 1, 0, 1, 1)), 1, 2, 7, 6);
            add(cases, operator, 7, window.andThen(text("auto_pad", "SAME_UPPER")), 1, 2, 7, 6);
            add(cases, operator, 7, window.andThen(text("auto_pad", "SAME_LOWER")), 1, 2, 7, 6);
            add(cases, operator, 7, window.andThen(text("auto_pad", "VALID")), 1, 2, 7, 6);
            if (!operator.equals("LpPool")) {
                Consumer<Node> ceiling = node -> node.setAttribute("ceil_mode", 1);
                add(cases, operator, 10, window.andThen(ceiling), 1, 2, 8, 6);
            }
        }
        add(
                cases,
                "AveragePool",
                7,
                node -> {
                    node.setAttribute("kernel_shape", new long[] {3, 3});
                    node.setAttribute("pads", new long[] {1, 1, 1, 1});
                    node.setAttribute("count_include_pad", 1);
                },
                1,
                2,
                7,
                6);
        for (String operator : List.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")) {
            add(cases, operator, 7, _ -> {}, 2, 3, 4, 5);
        }
        cases.replaceAll(CompatibleCases::adjusted);
    }

    /**
     * ONNX Runtime has another kernel for AveragePool from opset 19 on, which divides by the number
     * of elements where the older one multiplies with its inverse. Both sum at most 9 numbers of at
     * most 2 in float: each step of the sum is off by at most half an ulp of 18, and the quotient
     * by an ulp of 2.
     */
    private static RaisingCase adjusted(RaisingCase raisingCase) {
        if (raisingCase.name().startsWith("AveragePool")) {
            return raisingCase.within(2 * (9 * Math.ulp(18f) / 2 / 9 + Math.ulp(2f)));
        }
        return raisingCase.name().startsWith("GlobalLpPool") ? raisingCase.upTo(21) : raisingCase;
    }

    private static void convolutions(List<RaisingCase> cases) {
        for (String padding : List.of("SAME_UPPER", "SAME_LOWER")) {
            for (String operator : List.of("Conv", "ConvTranspose")) {
                cases.add(
                        RaisingCase.of(
                                operator + " " + padding,
                                7,
                                sketch ->
                                        sketch.deliver(
                                                sketch.apply(
                                                        operator,
                                                        node -> {
                                                            node.setAttribute("auto_pad", padding);
                                                            node.setAttribute(
                                                                    "strides", new long[] {2, 2});
                                                        },
                                                        sketch.floats("x", 1, 2, "h", "w"),
                                                        sketch.ramp("w", -1, 0.1, 2, 2, 3, 3))),
                                new long[] {1, 2, 5, 6}));
            }
        }
        for (String operator : List.of("LSTM", "GRU", "RNN")) {
            int gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
            cases.add(
                    RaisingCase.of(
                            operator,
                            7,
                            sketch ->
                                    sketch.deliver(
                                            sketch.node(
                                                    operator,
                                                    2,
                                                    node -> node.setAttribute("hidden_size", 3),
                                                    sketch.floats("x", "s", 1, 2),
                                                    sketch.ramp("w", -0.5, 0.05, 1, 3L * gates, 2),
                                                    sketch.ramp(
                                                            "r", 0.4, -0.03, 1, 3L * gates, 3))),
                            new long[] {4, 1, 2}));
        }
    }

    private static void indexing(List<RaisingCase> cases) {
        add(cases, "ArgMax", 7, node -> node.setAttribute("axis", 1), 3, 5);
        add(cases, "ArgMin", 7, node -> node.setAttribute("keepdims", 0), 3, 5);
        add(cases, "DepthToSpace", 7, node -> node.setAttribute("blocksize", 2), 1, 8, 2, 3);
        add(cases, "SpaceToDepth", 7, node -> node.setAttribute("blocksize", 2), 1, 2, 4, 6);
        add(cases, "Flatten", 7, node -> node.setAttribute("axis", 2), 2, 3, 4);
        add(cases, "Transpose", 7, _ -> {}, 2, 3, 4);
        add(cases, "Shape", 7, _ -> {}, 2, 3, 4);
        add(cases, "Size", 7, _ -> {}, 2, 3, 4);
        add(cases, "NonZero", 9, _ -> {}, 2, 3);
        add(cases, "Identity", 7, _ -> {}, 2, 3);
        cases.add(
                RaisingCase.of(
                        "Gather, Reshape, Tile and Expand",
                        8,
                        sketch -> {
                            Value x = sketch.floats("x", 4, 3);
                            Value rows = sketch.apply("Gather", x, sketch.integers("rows", 2, 0));
                            Value line =
                                    sketch.apply("Reshape", rows, sketch.integers("to", 0, -1));
                            Value twice = sketch.apply("Tile", line, sketch.integers("by", 1, 2));
                            Value wide = sketch.apply("Expand", x, sketch.integers("as", 2, 1, 1));
                            return sketch.deliver(twice, wide);
                        },
                        new long[] {4, 3}));
        cases.add(
                RaisingCase.of(
                        "OneHot",
                        9,
                        sketch -> {
                            Value x =
                                    sketch.apply(
                                            "Cast",
                                            node -> node.setAttribute("to", 7),
                                            sketch.apply("Abs", sketch.floats("x", "n")));
                            Value depth = sketch.constant("depth", Tensor.ofLongs(new long[0], 4));
                            Value values = sketch.ramp("values", 0, 1, 2);
                            return sketch.deliver(sketch.apply("OneHot", x, depth, values));
                        },
                        new long[] {5}));
        cases.add(
                RaisingCase.of(
                        "NonMaxSuppression",
                        10,
                        sketch -> {
                            Value boxes = sketch.apply("Abs", sketch.floats("x", 1, 6, 4));
                            Value scores = sketch.ramp("scores", 0.9, -0.1, 1, 1, 6);
                            Value most = sketch.integers("most", 3);
                            Value overlap = sketch.ramp("overlap", 0.5, 0, 1);
                            return sketch.deliver(
                                    sketch.apply(
                                            "NonMaxSuppression", boxes, scores, most, overlap));
                        },
                        new long[] {1, 6, 4}));
    }

    private static void arithmetic(List<RaisingCase> cases) {
        for (String operator :
                List.of(
                        "Abs",
                        "Ceil",
                        "Elu",
                        "Exp",
                        "Floor",
                        "HardSigmoid",
                        "LeakyRelu",
                        "Neg",
                        "Relu",
                        "Selu",
                        "Sigmoid",
                        "Softplus",
                        "Softsign",
                        "Tanh",
                        "Sin",
                        "Reciprocal",
                        "LpNormalization")) {
            add(cases, operator, 7, _ -> {}, 3, 4);
        }
        add(cases, "Erf", 9, _ -> {}, 3, 4);
        add(cases, "MeanVarianceNormalization", 9, _ -> {}, 2, 3, 4, 5);
        add(cases, "LRN", 7, node -> node.setAttribute("size", 3), 1, 5, 2, 2);
        add(cases, "Cast", 7, node -> node.setAttribute("to", ElementType.INT64.code()), 3, 4);
        for (String operator :
                List.of(
                        "Add", "Sub", "Mul", "Div", "Max", "Min", "Mean", "Sum", "Less", "Greater",
                        "PRelu")) {
            cases.add(
                    RaisingCase.of(
                            operator,
                            8,
                            sketch ->
                                    sketch.deliver(
                                            sketch.apply(
                                                    operator,
                                                    sketch.floats("x", "n", 4),
                                                    sketch.ramp("y", -0.5, 0.3, 4))),
                            new long[] {3, 4}));
        }
        cases.add(
                RaisingCase.of(
                        "Pow, Mod, MatMul and Gemm",
                        10,
                        sketch -> {
                            Value x = sketch.floats("x", 3, 4);
                            Value y = sketch.ramp("y", 0.3, 0.2, 4, 4);
                            Value two = sketch.ramp("two", 2, 0, 1);
                            Value one = sketch.ramp("one", 1, 0, 1);
                            Value remainder =
                                    sketch.apply(
                                            "Mod", node -> node.setAttribute("fmod", 1), x, two);
                            return sketch.deliver(
                                    sketch.apply("Pow", x, two),
                                    remainder,
                                    sketch.apply("MatMul", x, y),
                                    sketch.apply("Gemm", x, y, one));
                        },
                        new long[] {3, 4}));
    }

    private static void quantization(List<RaisingCase> cases) {
        cases.add(
                RaisingCase.of(
                        "QuantizeLinear and DequantizeLinear",
                        10,
                        sketch -> {
                            Value scale =
                                    sketch.constant("scale", Tensor.ofFloats(new long[0], 0.02f));
                            Value zero =
                                    sketch.constant(
                                            "zero",
                                            Tensor.ofBytes(
                                                    ElementType.INT8, new long[0], new byte[] {3}));
                            Value x = sketch.floats("x", "n");
                            Value codes = sketch.apply("QuantizeLinear", x, scale, zero);
                            Value back = sketch.apply("DequantizeLinear", codes, scale, zero);
                            return sketch.deliver(codes, back);
                        },
                        new long[] {30}));
        cases.add(
                RaisingCase.of(
                        "DynamicQuantizeLinear",
                        11,
                        sketch ->
                                sketch.deliver(
                                        sketch.node(
                                                "DynamicQuantizeLinear",
                                                3,
                                                _ -> {},
                                                sketch.floats("x", "n"))),
                        new long[] {30}));
    }

    private static void add(
            List<RaisingCase> cases,
            String operator,
            int opset,
            Consumer<Node> attributes,
            long... shape) {
        Object[] sizes = Arrays.stream(shape).boxed().toArray();
        cases.add(
                RaisingCase.of(
                        operator + " " + cases.size(),
                        opset,
                        sketch ->
                                sketch.deliver(
                                        sketch.apply(
                                                operator, attributes, sketch.floats("x", sizes))),
                        shape));
    }

    private static Consumer<Node> ints(String name, long... values) {
        return node -> node.setAttribute(name, values);
    }

    private static Consumer<Node> text(String name, String value) {
        return node -> node.setAttribute(name, value);
    }
}

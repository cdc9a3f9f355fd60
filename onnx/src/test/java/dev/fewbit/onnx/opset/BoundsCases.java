package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Bounds, amounts and counts that became inputs, and operators that were renamed. */
final class BoundsCases {

    private BoundsCases() {}

    static List<RaisingCase> all() {
        List<RaisingCase> cases = new ArrayList<>();
        cases.add(
                RaisingCase.of(
                        "Clip",
                        7,
                        sketch -> {
                            Value x = sketch.apply("Relu", sketch.floats("x", "n"));
                            Value both =
                                    sketch.apply(
                                            "Clip",
                                            node -> {
                                                node.setAttribute("min", 0.25f);
                                                node.setAttribute("max", 1.5f);
                                            },
                                            x);
                            Value low =
                                    sketch.apply("Clip", node -> node.setAttribute("min", 0.5f), x);
                            Value high =
                                    sketch.apply("Clip", node -> node.setAttribute("max", 0.5f), x);
                            return sketch.deliver(both, low, high, sketch.apply("Clip", x));
                        },
                        shape(20)));
        cases.add(
                RaisingCase.of(
                        "Pad",
                        7,
                        sketch -> {
                            Value x = sketch.floats("x", "n", 4);
                            Consumer<Node> amounts = ints("pads", 0, 1, 2, 1);
                            Value zero = sketch.apply("Pad", amounts, x);
                            Value minus =
                                    sketch.apply(
                                            "Pad",
                                            amounts.andThen(
                                                    node -> node.setAttribute("value", -1.5f)),
                                            x);
                            Value edge =
                                    sketch.apply(
                                            "Pad",
                                            amounts.andThen(
                                                    node -> node.setAttribute("mode", "edge")),
                                            x);
                            Value reflect =
                                    sketch.apply(
                                            "Pad",
                                            amounts.andThen(
                                                    node -> node.setAttribute("mode", "reflect")),
                                            x);
                            return sketch.deliver(zero, minus, edge, reflect);
                        },
                        shape(3, 4)));
        cases.add(
                RaisingCase.of(
                        "Slice",
                        7,
                        sketch -> {
                            Value x = sketch.floats("x", "n", 4);
                            Consumer<Node> both =
                                    node -> {
                                        node.setAttribute("starts", new long[] {1, -3});
                                        node.setAttribute(
                                                "ends", new long[] {Integer.MAX_VALUE, -1});
                                    };
                            Value all = sketch.apply("Slice", both, x);
                            Value swapped =
                                    sketch.apply("Slice", both.andThen(ints("axes", 0, 1)), x);
                            return sketch.deliver(all, swapped);
                        },
                        shape(5, 4)));
        cases.add(
                RaisingCase.of(
                        "TopK",
                        7,
                        sketch -> {
                            Value x = sketch.floats("x", "n", 6);
                            return sketch.deliver(
                                    sketch.node(
                                            "TopK",
                                            2,
                                            node -> {
                                                node.setAttribute("k", 3);
                                                node.setAttribute("axis", 1);
                                            },
                                            x));
                        },
                        shape(2, 6)));
        cases.add(
                RaisingCase.of(
                        "Scatter",
                        9,
                        sketch -> {
                            Value x = sketch.floats("x", 3, 3);
                            Value places =
                                    sketch.constant(
                                            "places",
                                            Tensor.ofLongs(new long[] {2, 2}, 1, 0, 2, 1));
                            Value updates = sketch.ramp("updates", 10, 1, 2, 2);
                            return sketch.deliver(sketch.apply("Scatter", x, places, updates));
                        },
                        shape(3, 3)));
        for (int opset : new int[] {7, 10}) {
            cases.add(
                    RaisingCase.of(
                            "Dropout",
                            opset,
                            sketch -> {
                                Value x = sketch.floats("x", "n");
                                Consumer<Node> ratio = node -> node.setAttribute("ratio", 0.3f);
                                Value alone = sketch.apply("Dropout", ratio, x);
                                Node unusedMask = sketch.node("Dropout", 2, ratio, alone);
                                return sketch.deliver(sketch.apply("Neg", unusedMask.output(0)));
                            },
                            shape(7)));
        }
        return cases;
    }

    private static Consumer<Node> ints(String name, long... values) {
        return node -> node.setAttribute(name, values);
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }
}

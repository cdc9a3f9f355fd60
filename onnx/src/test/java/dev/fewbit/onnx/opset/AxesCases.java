package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lists of axes and sizes that became inputs. */
final class AxesCases {

    private AxesCases() {}

    static List<RaisingCase> all() {
        List<RaisingCase> cases = new ArrayList<>();
        for (int opset : new int[] {7, 9, 11, 12}) {
            cases.add(
                    RaisingCase.of(
                            "Unsqueeze and Squeeze",
                            opset,
                            sketch -> {
                                Value x = sketch.floats("x", "n", 3);
                                Value wide = sketch.apply("Unsqueeze", ints("axes", 0, 3), x);
                                Value some = sketch.apply("Squeeze", ints("axes", 3), wide);
                                Value none = sketch.apply("Squeeze", wide);
                                return sketch.deliver(wide, some, none);
                            },
                            shape(2, 3),
                            shape(5, 3)));
            cases.add(
                    RaisingCase.of(
                            "Split",
                            opset,
                            sketch -> {
                                Value x = sketch.floats("x", "n", 6);
                                Node parts =
                                        sketch.node(
                                                "Split",
                                                2,
                                                node -> {
                                                    node.setAttribute("axis", 1);
                                                    node.setAttribute("split", new long[] {2, 4});
                                                },
                                                x);
                                Node equal =
                                        sketch.node(
                                                "Split",
                                                3,
                                                node -> node.setAttribute("axis", 1),
                                                x);
                                return sketch.deliver(parts).deliver(equal);
                            },
                            shape(2, 6)));
        }
        cases.add(
                RaisingCase.of(
                        "negative axes",
                        11,
                        sketch -> {
                            Value x = sketch.floats("x", "n", 3);
                            Value wide = sketch.apply("Unsqueeze", ints("axes", -1, -3), x);
                            Value sum = sketch.apply("ReduceSum", ints("axes", -2), wide);
                            return sketch.deliver(wide, sum);
                        },
                        shape(2, 3)));
        cases.add(
                RaisingCase.of(
                        "equal Split before it must say how many",
                        13,
                        sketch ->
                                sketch.deliver(
                                        sketch.node(
                                                "Split", 3, _ -> {}, sketch.floats("x", "n", 2))),
                        shape(6, 2)));
        for (String reduction :
                List.of(
                        "ReduceSum",
                        "ReduceL1",
                        "ReduceL2",
                        "ReduceLogSum",
                        "ReduceLogSumExp",
                        "ReduceMax",
                        "ReduceMean",
                        "ReduceMin",
                        "ReduceProd",
                        "ReduceSumSquare")) {
            for (int opset :
                    reduction.equals("ReduceSum") ? new int[] {8, 11} : new int[] {8, 11, 13}) {
                cases.add(
                        RaisingCase.of(
                                reduction,
                                opset,
                                sketch -> {
                                    Value x = sketch.apply("Exp", sketch.floats("x", "n", 4, 5));
                                    Value two = sketch.apply(reduction, ints("axes", 1, 2), x);
                                    Value all = sketch.apply(reduction, x);
                                    Value dropped =
                                            sketch.apply(
                                                    reduction,
                                                    node -> {
                                                        node.setAttribute("axes", new long[] {1});
                                                        node.setAttribute("keepdims", 0);
                                                    },
                                                    x);
                                    return sketch.deliver(two, all, dropped);
                                },
                                shape(3, 4, 5)));
            }
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

package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.Oracle.Array;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Softmax over flattened axes, and BatchNormalization. */
final class NormalizationCases {

    private NormalizationCases() {}

    static List<RaisingCase> all() {
        List<RaisingCase> cases = new ArrayList<>();
        for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
            for (int axis = 0; axis < 4; axis++) {
                int chosen = axis;
                cases.add(
                        RaisingCase.of(
                                operator + " over axis " + axis + " of a known rank",
                                9,
                                sketch ->
                                        sketch.deliver(
                                                sketch.apply(
                                                        operator,
                                                        node -> node.setAttribute("axis", chosen),
                                                        sketch.floats("x", "a", "b", "c", 3))),
                                shape(2, 3, 4, 3)));
            }
            cases.add(
                    RaisingCase.of(
                            operator + " over axes of which one counts",
                            9,
                            sketch ->
                                    sketch.deliver(
                                            sketch.apply(
                                                    operator,
                                                    sketch.apply(
                                                            "GlobalAveragePool",
                                                            sketch.floats("x", "a", 5, "h", "w")))),
                            shape(2, 5, 4, 3)));
            cases.add(
                    new RaisingCase(
                            operator + " of an unknown rank",
                            11,
                            sketch -> {
                                Value x = sketch.floats("x", "n");
                                Value sizes = sketch.input("sizes", ElementType.INT64, "r");
                                Value shaped = sketch.apply("Reshape", x, sizes);
                                Value back =
                                        sketch.apply(
                                                operator,
                                                node -> node.setAttribute("axis", -2),
                                                shaped);
                                return sketch.deliver(sketch.apply(operator, shaped), back);
                            },
                            List.of(
                                    Map.of(
                                            "x", Array.waves(24),
                                            "sizes", Array.longs(shape(3), 2, 3, 4)),
                                    Map.of(
                                            "x", Array.waves(24),
                                            "sizes", Array.longs(shape(2), 6, 4)))));
        }
        cases.add(
                RaisingCase.of(
                        "Softmax of nothing",
                        11,
                        sketch ->
                                sketch.deliver(
                                        sketch.apply("Softmax", sketch.floats("x", "n", 3, "m"))),
                        shape(0, 3, 2)));
        for (int spatial : new int[] {0, 1}) {
            long[] parameters = spatial == 0 ? shape(3, 4) : shape(3);
            cases.add(
                    RaisingCase.of(
                            "BatchNormalization, spatial=" + spatial,
                            7,
                            sketch ->
                                    sketch.deliver(
                                            sketch.apply(
                                                    "BatchNormalization",
                                                    node -> node.setAttribute("spatial", spatial),
                                                    sketch.floats("x", "n", 3, 4),
                                                    sketch.ramp("scale", 0.5, 0.1, parameters),
                                                    sketch.ramp("b", -0.5, 0.2, parameters),
                                                    sketch.ramp("mean", 0.1, 0.3, parameters),
                                                    sketch.ramp("var", 0.7, 0.2, parameters))),
                            shape(2, 3, 4)));
        }
        return cases;
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }
}

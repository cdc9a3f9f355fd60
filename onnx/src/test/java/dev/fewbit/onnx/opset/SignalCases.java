package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.Oracle.Array;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** RoiAlign, DFT and GridSample. */
final class SignalCases {

    private SignalCases() {}

    static List<RaisingCase> all() {
        List<RaisingCase> cases = new ArrayList<>();
        cases.add(
                RaisingCase.of(
                                "RoiAlign",
                                10,
                                sketch -> {
                                    Value x = sketch.floats("x", 1, 2, "h", "w");
                                    Value regions =
                                            sketch.constant(
                                                    "regions",
                                                    Tensor.ofFloats(
                                                            new long[] {2, 4},
                                                            0,
                                                            0,
                                                            5,
                                                            5,
                                                            1,
                                                            2,
                                                            6,
                                                            7));
                                    Value batches = sketch.integers("batches", 0, 0);
                                    return sketch.deliver(
                                            sketch.apply(
                                                    "RoiAlign",
                                                    node -> {
                                                        node.setAttribute("output_height", 3);
                                                        node.setAttribute("output_width", 3);
                                                        node.setAttribute("sampling_ratio", 2);
                                                    },
                                                    x,
                                                    regions,
                                                    batches));
                                },
                                shape(1, 2, 8, 9))
                        .upTo(21));
        cases.add(
                RaisingCase.of(
                        "DFT",
                        17,
                        sketch -> {
                            Value x = sketch.floats("x", 2, 8, 4, 1);
                            Value second =
                                    sketch.apply("DFT", node -> node.setAttribute("axis", 2), x);
                            return sketch.deliver(sketch.apply("DFT", x), second);
                        },
                        shape(2, 8, 4, 1)));
        for (String mode : List.of("bilinear", "nearest", "bicubic")) {
            cases.add(
                    new RaisingCase(
                            "GridSample " + mode,
                            16,
                            sketch ->
                                    sketch.deliver(
                                            sketch.apply(
                                                    "GridSample",
                                                    node -> node.setAttribute("mode", mode),
                                                    sketch.floats("x", 1, 2, "h", "w"),
                                                    sketch.floats("grid", 1, "p", "q", 2))),
                            List.of(
                                    Map.of(
                                            "x", Array.waves(1, 2, 5, 6),
                                            "grid", Array.waves(1, 3, 4, 2)))));
        }
        cases.add(
                RaisingCase.of(
                        "GridSample without mode",
                        16,
                        sketch -> {
                            Value x = sketch.floats("x", 1, 2, 5, 6);
                            Value grid = sketch.ramp("grid", -1, 0.07, 1, 3, 4, 2);
                            return sketch.deliver(sketch.apply("GridSample", x, grid));
                        },
                        shape(1, 2, 5, 6)));
        return cases;
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }
}

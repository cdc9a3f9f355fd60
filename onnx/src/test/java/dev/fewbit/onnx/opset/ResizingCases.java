package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.Oracle.Array;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Upsample and Resize through all their forms. */
final class ResizingCases {

    private ResizingCases() {}

    static List<RaisingCase> all() {
        List<RaisingCase> cases = new ArrayList<>();
        for (String mode : List.of("nearest", "linear")) {
            Consumer<Node> attribute = node -> node.setAttribute("mode", mode);
            cases.add(
                    RaisingCase.of(
                            "Upsample, scales as attribute, " + mode,
                            7,
                            sketch ->
                                    sketch.deliver(
                                            sketch.apply(
                                                    "Upsample",
                                                    attribute.andThen(
                                                            node ->
                                                                    node.setAttribute(
                                                                            "scales",
                                                                            new float[] {
                                                                                1, 1, 2, 2.5f
                                                                            })),
                                                    sketch.floats("x", 1, 2, "h", "w"))),
                            shape(1, 2, 4, 6),
                            shape(1, 2, 5, 3)));
            cases.add(
                    RaisingCase.of(
                            "Upsample, scales as input, " + mode,
                            9,
                            sketch -> resized(sketch, "Upsample", attribute, 1, 1, 3, 1.5f),
                            shape(1, 2, 4, 6)));
            cases.add(
                    RaisingCase.of(
                            "Resize, growing, " + mode,
                            10,
                            sketch -> resized(sketch, "Resize", attribute, 1, 1, 1.7f, 2),
                            shape(1, 2, 4, 6)));
            cases.add(
                    RaisingCase.of(
                            "Resize, shrinking, " + mode,
                            10,
                            sketch -> resized(sketch, "Resize", attribute, 1, 1, 0.6f, 0.7f),
                            shape(1, 2, 9, 11)));
            cases.add(
                    RaisingCase.of(
                            "Resize, growing and shrinking, " + mode,
                            10,
                            sketch -> resized(sketch, "Resize", attribute, 1, 1, 1.7f, 0.7f),
                            shape(1, 2, 9, 11)));
            cases.add(
                    new RaisingCase(
                            "Resize, computed scales, " + mode,
                            10,
                            sketch -> {
                                Value x = sketch.floats("x", 1, 2, "h", "w");
                                Value scales = sketch.floats("scales", 4);
                                return sketch.deliver(sketch.apply("Resize", attribute, x, scales));
                            },
                            List.of(
                                    Map.of(
                                            "x", Array.waves(1, 2, 4, 6),
                                            "scales", Array.floats(shape(4), 1, 1, 2.3f, 2)))));
        }
        cases.add(
                RaisingCase.of(
                        "Resize to sizes, unused inputs empty",
                        11,
                        sketch -> {
                            Value x = sketch.floats("x", 1, 2, "h", "w");
                            Value empty = sketch.constant("empty", Tensor.ofFloats(new long[1]));
                            Value sizes = sketch.integers("sizes", 1, 2, 7, 9);
                            return sketch.deliver(
                                    sketch.apply(
                                            "Resize",
                                            node -> node.setAttribute("mode", "linear"),
                                            x,
                                            empty,
                                            empty,
                                            sizes));
                        },
                        shape(1, 2, 4, 6)));
        cases.add(
                RaisingCase.of(
                        "Resize with tf_half_pixel_for_nn",
                        11,
                        sketch -> {
                            Value x = sketch.floats("x", 1, 2, "h", "w");
                            Value roi = sketch.constant("roi", Tensor.ofFloats(new long[1]));
                            Value scales =
                                    sketch.constant(
                                            "scales",
                                            Tensor.ofFloats(new long[] {4}, 1, 1, 0.6f, 2.3f));
                            return sketch.deliver(
                                    sketch.apply(
                                            "Resize",
                                            node -> {
                                                node.setAttribute("mode", "nearest");
                                                node.setAttribute("nearest_mode", "floor");
                                                node.setAttribute(
                                                        "coordinate_transformation_mode",
                                                        "tf_half_pixel_for_nn");
                                            },
                                            x,
                                            roi,
                                            scales));
                        },
                        shape(1, 2, 10, 13)));
        return cases;
    }

    private static ModelSketch resized(
            ModelSketch sketch, String operator, Consumer<Node> mode, float... scales) {
        Value x = sketch.floats("x", 1, 2, "h", "w");
        Value factors =
                sketch.constant("scales", Tensor.ofFloats(new long[] {scales.length}, scales));
        return sketch.deliver(sketch.apply(operator, mode, x, factors));
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }
}

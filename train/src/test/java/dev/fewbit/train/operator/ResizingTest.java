package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResizingTest {
    private static final float[][] SCALES = {{1, 1, 2, 3}, {1, 1, 1.7f, 0.55f}, {1, 1, 0.5f, 0.3f}};

    private static OperatorCheck image() {
        return OperatorCheck.of("Resize").floats("x", 1, 2, 6, 7);
    }

    private static OperatorCheck scaled(String mode, float... scales) {
        return scaled(image(), mode, scales);
    }

    private static OperatorCheck scaled(OperatorCheck check, String mode, float... scales) {
        return check.omitted()
                .constant("scales", Tensor.ofFloats(new long[] {scales.length}, scales))
                .with(node -> node.setAttribute("mode", mode));
    }

    private static OperatorCheck sized(String mode, long... sizes) {
        return image().omitted()
                .omitted()
                .longs("sizes", sizes)
                .with(node -> node.setAttribute("mode", mode));
    }

    @ParameterizedTest
    @ValueSource(strings = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})
    void nearestElements(String rounding) {
        for (String coordinates :
                new String[] {"half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"}) {
            for (float[] scales : SCALES) {
                scaled("nearest", scales)
                        .with(node -> node.setAttribute("nearest_mode", rounding))
                        .with(
                                node ->
                                        node.setAttribute(
                                                "coordinate_transformation_mode", coordinates))
                        .passes();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "half_pixel",
                "half_pixel_symmetric",
                "pytorch_half_pixel",
                "align_corners",
                "asymmetric"
            })
    void coordinates(String coordinates) {
        for (String mode : new String[] {"nearest", "linear", "cubic"}) {
            for (float[] scales : SCALES) {
                scaled(mode, scales)
                        .with(
                                node ->
                                        node.setAttribute(
                                                "coordinate_transformation_mode", coordinates))
                        .passes();
            }
            sized(mode, 1, 2, 9, 1)
                    .with(node -> node.setAttribute("coordinate_transformation_mode", coordinates))
                    .passes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nearest", "linear", "cubic"})
    void regionsOfInterest(String mode) {
        float[] region = {0, 0, 0.1f, -0.2f, 1, 1, 0.8f, 1.1f};
        image().constant("roi", Tensor.ofFloats(new long[] {8}, region))
                .constant("scales", Tensor.ofFloats(new long[] {4}, 1, 1, 1.5f, 0.8f))
                .with(node -> node.setAttribute("mode", mode))
                .with(node -> node.setAttribute("extrapolation_value", 0.25f))
                .with(
                        node ->
                                node.setAttribute(
                                        "coordinate_transformation_mode", "tf_crop_and_resize"))
                .passes();
    }

    @Test
    void linearInOtherRanks() {
        scaled(OperatorCheck.of("Resize").floats("x", 6, 7), "linear", 1.5f, 0.7f).passes();
        scaled(OperatorCheck.of("Resize").floats("x", 1, 2, 4, 5, 3), "linear", 1, 1, 2, 0.6f, 1.5f)
                .passes();
    }

    @Test
    void cubicThatLeavesOutWhatIsOutside() {
        for (float[] scales : SCALES) {
            scaled("cubic", scales)
                    .with(node -> node.setAttribute("exclude_outside", 1))
                    .with(node -> node.setAttribute("cubic_coeff_a", -0.5f))
                    .passes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "cubic"})
    void smootherWhenSmaller(String mode) {
        for (float[] scales : SCALES) {
            scaled(mode, scales).with(node -> node.setAttribute("antialias", 1)).passes();
            scaled(mode, scales)
                    .with(node -> node.setAttribute("antialias", 1))
                    .with(node -> node.setAttribute("exclude_outside", 1))
                    .passes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stretch", "not_larger", "not_smaller"})
    void someAxesToASize(String policy) {
        for (String mode : new String[] {"nearest", "linear"}) {
            sized(mode, 9, 5)
                    .with(node -> node.setAttribute("axes", new long[] {2, 3}))
                    .with(node -> node.setAttribute("keep_aspect_ratio_policy", policy))
                    .passes();
        }
        sized("linear", 5, 9)
                .with(node -> node.setAttribute("axes", new long[] {3, 2}))
                .with(node -> node.setAttribute("keep_aspect_ratio_policy", policy))
                .passes();
    }

    @Test
    void axesFromTheEnd() {
        sized("linear", 5, 9).with(node -> node.setAttribute("axes", new long[] {-1, -2})).passes();
    }

    @Test
    void nothing() {
        scaled("linear", 1, 1, 1, 1).passes();
        scaled("nearest", 1, 1, 1, 1).passes();
    }

    @Test
    void upsampling() {
        for (String mode : new String[] {"nearest", "linear"}) {
            OperatorCheck.of("Upsample")
                    .opset(9)
                    .floats("x", 1, 2, 4, 3)
                    .constant("scales", Tensor.ofFloats(new long[] {4}, 1, 1, 2, 3))
                    .with(node -> node.setAttribute("mode", mode))
                    .passes();
        }
    }

    @Test
    void saysWhatIsNotKnown() {
        scaled("quadratic", 1, 1, 2, 2).isRefused("has mode=quadratic; known are nearest");
    }
}

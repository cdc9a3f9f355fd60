package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.opset.Oracle.Array;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A model that is to compute the same before and after raising.
 *
 * @param name what it shows
 * @param opset opset of the model
 * @param build puts the model together
 * @param feeds inputs to compare outputs on, one run each
 * @param last the newest opset to raise to; the next one is refused
 * @param tolerance how far float outputs may be off; 0 asks for equal bits
 */
record RaisingCase(
        String name,
        int opset,
        Function<ModelSketch, ModelSketch> build,
        List<Map<String, Array>> feeds,
        int last,
        double tolerance) {

    RaisingCase {
        feeds = List.copyOf(feeds);
    }

    RaisingCase(
            String name,
            int opset,
            Function<ModelSketch, ModelSketch> build,
            List<Map<String, Array>> feeds) {
        this(name, opset, build, feeds, OpsetRaiser.MAXIMUM, 0);
    }

    /** A case that takes one float input "x", once in every given shape. */
    static RaisingCase of(
            String name, int opset, Function<ModelSketch, ModelSketch> build, long[]... shapes) {
        List<Map<String, Array>> feeds =
                Arrays.stream(shapes).map(shape -> Map.of("x", Array.waves(shape))).toList();
        return new RaisingCase(name, opset, build, feeds);
    }

    /** The same case for an operator that the runtime runs up to this opset only. */
    RaisingCase upTo(int newest) {
        return new RaisingCase(name, opset, build, feeds, newest, tolerance);
    }

    /** The same case for an operator whose newer kernel rounds otherwise. */
    RaisingCase within(double allowed) {
        return new RaisingCase(name, opset, build, feeds, last, allowed);
    }

    Model model() {
        return build.apply(new ModelSketch(opset)).model();
    }

    @Override
    public String toString() {
        return name + " at opset " + opset;
    }
}

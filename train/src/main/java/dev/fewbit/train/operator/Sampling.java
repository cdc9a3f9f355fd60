package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Images read at places of a grid, and cut or padded around their middle. */
final class Sampling {
    private Sampling() {}

    static void addTo(Operators.Taker all) {
        all.single("GridSample", Sampling::gridSample);
        all.single("AffineGrid", Sampling::affineGrid);
        all.single("CenterCropPad", Sampling::centred);
    }

    private static boolean alignsCorners(Call call) {
        return call.node().intAttribute("align_corners", 0) != 0;
    }

    private static Tensor gridSample(Call call) {
        String mode = call.node().stringAttribute("mode", "linear");
        String padding = call.node().stringAttribute("padding_mode", "zeros");
        int interpolation = index(call, "mode", mode, "linear", "nearest", "cubic");
        int beyond = index(call, "padding_mode", padding, "zeros", "border", "reflection");
        if (call.rank(0) != 4 && (call.rank(0) != 5 || mode.equals("cubic"))) {
            throw call.failure(
                    "with mode=%s is not supported in %d dimensions of space"
                            .formatted(mode, call.rank(0) - 2));
        }
        return torch.grid_sampler(
                call.input(0), call.input(1), interpolation, beyond, alignsCorners(call));
    }

    private static int index(Call call, String attribute, String value, String... known) {
        for (int i = 0; i < known.length; i++) {
            if (known[i].equals(value)) {
                return i;
            }
        }
        throw call.failure(
                "has %s=%s; known are %s".formatted(attribute, value, String.join(", ", known)));
    }

    private static Tensor affineGrid(Call call) {
        return torch.affine_grid_generator(call.input(0), call.longs(1), alignsCorners(call));
    }

    private static Tensor centred(Call call) {
        int rank = call.rank(0);
        long[] sizes = call.longs(1);
        long[] axes = call.node().intsAttribute("axes");
        long[] pads = new long[2 * rank];
        for (int i = 0; i < sizes.length; i++) {
            int axis = axes == null ? i : call.axis(axes[i], rank);
            long missing = sizes[i] - call.input(0).size(axis);
            // An odd one is cut behind, and added behind.
            pads[axis] = missing / 2;
            pads[rank + axis] = missing - missing / 2;
        }
        return Window.padded(call.input(0), pads, 0);
    }
}

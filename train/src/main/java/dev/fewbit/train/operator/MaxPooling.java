package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** MaxPool: the largest element of each window, and where it is. */
final class MaxPooling {
    private final Call call;
    private final PoolWindow window;

    /** Whether libtorch knows this form, and pads by itself. */
    private final boolean known;

    private final long[] added;

    private final Tensor x;

    private MaxPooling(Call call) {
        this.call = call;
        window = PoolWindow.of(call);
        // libtorch computes with floats only, and they hold all integers that ONNX allows.
        Tensor floats =
                torch.is_floating_point(call.input(0))
                        ? call.input(0)
                        : call.input(0).to(ScalarType.Float);
        known = Window.isSymmetric(window.pads) && reachesNoFurther();
        added = known ? Arrays.copyOf(window.pads, window.dimensions) : new long[window.dimensions];
        x = known ? floats : window.around(floats, Double.NEGATIVE_INFINITY);
    }

    static List<? extends @Nullable Tensor> run(Call call) {
        return new MaxPooling(call).run();
    }

    private boolean reachesNoFurther() {
        long[] reach = window.reach();
        boolean fits = true;
        for (int i = 0; i < window.dimensions; i++) {
            fits &= 2 * window.pads[i] <= window.sizes[i];
            fits &= reach[window.dimensions + i] <= window.pads[i];
        }
        return fits;
    }

    private List<? extends @Nullable Tensor> run() {
        ScalarType type = call.input(0).scalar_type();
        if (!call.wants(1)) {
            return Arrays.asList(largest().to(type), null);
        }
        T_TensorTensor_T both = largestAndPlace();
        return List.of(new Tensor(both.get0()).to(type), placeInInput(new Tensor(both.get1())));
    }

    private Tensor largest() {
        long[] sizes = window.sizes;
        long[] strides = window.strides;
        long[] dilations = window.dilations;
        return switch (window.dimensions) {
            case 1 -> torch.max_pool1d(x, sizes, strides, added, dilations, false);
            case 2 -> torch.max_pool2d(x, sizes, strides, added, dilations, false);
            default -> torch.max_pool3d(x, sizes, strides, added, dilations, false);
        };
    }

    private T_TensorTensor_T largestAndPlace() {
        long[] sizes = window.sizes;
        long[] strides = window.strides;
        long[] dilations = window.dilations;
        return switch (window.dimensions) {
            case 1 -> torch.max_pool1d_with_indices(x, sizes, strides, added, dilations, false);
            case 2 -> torch.max_pool2d_with_indices(x, sizes, strides, added, dilations, false);
            default -> torch.max_pool3d_with_indices(x, sizes, strides, added, dilations, false);
        };
    }

    /** From places within each channel of the padded input to those within the whole input. */
    private Tensor placeInInput(Tensor places) {
        boolean columnsFirst = call.node().intAttribute("storage_order", 0) != 0;
        Tensor rest = places;
        Tensor found = torch.zeros_like(places);
        for (int i = window.dimensions - 1; i >= 0; i--) {
            Scalar size = new Scalar(x.size(i + 2));
            Tensor along = torch.remainder(rest, size);
            rest = torch.floor_divide(rest, size);
            long before = known ? 0 : window.pads[i];
            long unit = 1;
            for (int j = columnsFirst ? 0 : i + 1;
                    j < (columnsFirst ? i : window.dimensions);
                    j++) {
                unit *= window.input[j];
            }
            found = found.add(along.sub(new Scalar(before)).mul(new Scalar(unit)));
        }
        long channels = x.size(0) * x.size(1);
        long perChannel = Arrays.stream(window.input).reduce(1, (a, b) -> a * b);
        long[] shape = new long[window.dimensions + 2];
        Arrays.fill(shape, 1);
        shape[0] = x.size(0);
        shape[1] = x.size(1);
        long[] starts = new long[Math.toIntExact(channels)];
        Arrays.setAll(starts, i -> i * perChannel);
        return found.add(Tensors.ofLongs(starts, shape));
    }
}

package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;
import java.util.List;

/**
 * Resize: along each axis, every place of the output is one of the input or a weighted sum of
 * several.
 *
 * <p>As axes are independent of each other, each is a selection or a product with a matrix; the
 * commonest case, linear in two dimensions, libtorch does at once.
 */
final class Resizing {
    private final Call call;
    private final List<ResizeAxis> axes;
    private final ResizeKernel kernel;

    private Resizing(Call call) {
        this.call = call;
        axes = ResizeAxis.of(call);
        kernel = ResizeKernel.of(call);
    }

    static void addTo(Operators.Taker all) {
        all.single("Resize", call -> new Resizing(call).run());
    }

    private Tensor run() {
        Tensor x = call.input(0);
        boolean floats = torch.is_floating_point(x);
        Tensor y = floats || kernel.isNearest() ? x : x.to(ScalarType.Float);
        if (libtorchKnows(y)) {
            return inTwoDimensions(y);
        }
        for (ResizeAxis axis : axes) {
            if (!axis.isUnchanged()) {
                y = kernel.isNearest() ? selected(y, axis) : mixed(y, axis);
            }
        }
        for (ResizeAxis axis : axes) {
            y = axis.crops() ? extrapolated(y, axis) : y;
        }
        return call.same(floats ? y : y.to(x.scalar_type()));
    }

    private boolean libtorchKnows(Tensor x) {
        return kernel.isPlainLinear()
                && x.dim() == 4
                && torch.is_floating_point(x)
                && axes.stream().allMatch(ResizeAxis::libtorchKnows)
                && axes.stream().allMatch(axis -> axis.isUnchanged() || axis.axis() >= 2);
    }

    private Tensor inTwoDimensions(Tensor x) {
        long[] sizes = {x.size(2), x.size(3)};
        double[] scales = {1, 1};
        for (ResizeAxis axis : axes) {
            if (!axis.isUnchanged()) {
                sizes[axis.axis() - 2] = axis.places();
                scales[axis.axis() - 2] = axis.scale();
            }
        }
        boolean corners = axes.stream().anyMatch(ResizeAxis::alignsCorners);
        return torch.upsample_bilinear2d(
                x, sizes, corners, new DoubleOptional(scales[0]), new DoubleOptional(scales[1]));
    }

    private Tensor selected(Tensor x, ResizeAxis axis) {
        long[] sources = kernel.nearest(axis);
        long repeats = axis.places() / Math.max(1, axis.length());
        boolean regular = repeats * axis.length() == axis.places();
        for (int i = 0; i < sources.length && regular; i++) {
            regular = sources[i] == i / repeats;
        }
        if (!regular) {
            return torch.index_select(x, axis.axis(), Tensors.ofLongs(sources, sources.length));
        }
        // Every element as often as the others: the gradient of that is a plain sum.
        long[] shape = Tensors.shape(x);
        long[] wide = new long[shape.length + 1];
        System.arraycopy(shape, 0, wide, 0, axis.axis() + 1);
        wide[axis.axis() + 1] = repeats;
        System.arraycopy(
                shape, axis.axis() + 1, wide, axis.axis() + 2, shape.length - axis.axis() - 1);
        shape[axis.axis()] = axis.places();
        return x.unsqueeze(axis.axis() + 1).expand(wide).reshape(shape);
    }

    private Tensor mixed(Tensor x, ResizeAxis axis) {
        Tensor weights =
                Tensors.ofFloats(kernel.weights(axis), axis.places(), axis.length())
                        .to(x.scalar_type());
        return torch.matmul(x.transpose(axis.axis(), -1), weights.t()).transpose(axis.axis(), -1);
    }

    /** Beyond the input there is the same value everywhere. */
    private Tensor extrapolated(Tensor y, ResizeAxis axis) {
        float[] coordinates = axis.coordinates();
        long[] beyond = new long[coordinates.length];
        for (int i = 0; i < beyond.length; i++) {
            beyond[i] = coordinates[i] < 0 || coordinates[i] > axis.length() - 1 ? 1 : 0;
        }
        long[] shape = new long[call.rank(0) - axis.axis()];
        Arrays.fill(shape, 1);
        shape[0] = beyond.length;
        double value = call.node().floatAttribute("extrapolation_value", 0);
        return y.masked_fill(Tensors.ofLongs(beyond, shape).to(ScalarType.Bool), new Scalar(value));
    }
}

package dev.fewbit.train.quantize;

import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Groups of a tensor that share parameters, see {@link GroupGeometry}: the tensor as {@code [outer,
 * length, inner]}, its parameters as {@code [outer, groups, inner]}.
 */
final class Groups {
    private final GroupGeometry geometry;
    private final boolean twoLevels;

    /**
     * The groups of a tensor.
     *
     * @param twoLevels whether scales are stored as {@link TwoLevelScales}
     */
    Groups(GroupGeometry geometry, boolean twoLevels) {
        this.geometry = geometry;
        this.twoLevels = twoLevels;
    }

    /** Shape of the parameters. */
    long[] parameterShape() {
        return new long[] {geometry.outer(), geometry.groupsPerRun(), geometry.inner()};
    }

    /** Elements of a group, on average. */
    double size() {
        return (double) geometry.elementCount() / Math.max(1, geometry.groupCount());
    }

    /** The tensor as {@code [outer, length, inner]}. */
    Tensor view(Tensor tensor) {
        return tensor.reshape(geometry.outer(), geometry.length(), geometry.inner());
    }

    /** Scales as they are stored, with the gradient of the identity. */
    Tensor stored(Tensor scales) {
        if (!twoLevels) {
            return scales;
        }
        float[] expressed = TwoLevelScales.of(Tensors.floats(scales), geometry).scales();
        Tensor rounded = Tensors.ofFloats(expressed, parameterShape());
        // Exactly the stored ones: codes have to be those of their levels.
        return rounded.add(scales.sub(scales.detach()));
    }

    /** The parameter of each element, or something that can be broadcast to that. */
    Tensor spread(Tensor parameters) {
        if (geometry.groupsPerRun() == 1) {
            return parameters;
        }
        Tensor repeated =
                parameters.repeat_interleave(
                        geometry.groupSize(), new LongOptional(1), new LongOptional());
        return geometry.length() % geometry.groupSize() == 0
                ? repeated
                : repeated.narrow(1, 0, geometry.length());
    }
}

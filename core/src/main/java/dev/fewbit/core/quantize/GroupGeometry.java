package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.format.Granularity.PerChannel;
import dev.fewbit.core.format.Granularity.PerTensor;

import java.util.Arrays;

/**
 * Where the groups of a tensor lie, with the tensor seen as row-major {@code [outer, length,
 * inner]}.
 *
 * <p>Groups run along {@code length}, {@code groupSize} elements each, the last of a run possibly
 * fewer. They are numbered as {@code [outer, ceil(length / groupSize), inner]}, row-major, which is
 * the order of the scales of ONNX DequantizeLinear in all its forms. With {@code inner == 1} a
 * group is contiguous; otherwise it is a piece of a column of a {@code [length, inner]} matrix.
 *
 * <p>{@code [768, 3072]} per channel 0 is {@code (768, 3072, 1, 3072)}, per channel 1 {@code (1,
 * 768, 3072, 768)}, in blocks of 32 on axis 0 {@code (1, 768, 3072, 32)}.
 *
 * @param outer product of the dimensions before the runs
 * @param length elements of a run
 * @param inner distance between neighbours in a run, in elements
 * @param groupSize elements of a group, at least 1
 */
public record GroupGeometry(long outer, long length, long inner, long groupSize) {

    /** Checks the signs and that the number of elements is a long. */
    public GroupGeometry {
        if (outer < 0 || length < 0 || inner < 0 || groupSize < 1) {
            throw new IllegalArgumentException(
                    "extents are not negative and a group has an element, got %d, %d, %d, %d"
                            .formatted(outer, length, inner, groupSize));
        }
        product(outer, length, inner);
    }

    /**
     * The groups of a tensor.
     *
     * @param shape dimensions, none negative; empty for a scalar
     * @throws IllegalArgumentException when the tensor has no such axis, or channels of a middle
     *     axis are asked for, which are not evenly spaced
     */
    public static GroupGeometry of(long[] shape, Granularity granularity) {
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "dimensions are not negative, got " + Arrays.toString(shape));
            }
        }
        return switch (granularity) {
            case PerTensor() -> {
                long elements = product(shape);
                yield new GroupGeometry(1, elements, 1, Math.max(1, elements));
            }
            case PerChannel(int axis) -> {
                requireAxis(shape, axis, granularity);
                yield channels(shape, axis);
            }
            case PerBlock(int axis, int size) -> {
                requireAxis(shape, axis, granularity);
                yield new GroupGeometry(before(shape, axis), shape[axis], after(shape, axis), size);
            }
        };
    }

    private static GroupGeometry channels(long[] shape, int axis) {
        long before = before(shape, axis);
        long after = after(shape, axis);
        if (before == 1) {
            return new GroupGeometry(shape[axis], after, 1, Math.max(1, after));
        }
        if (after == 1) {
            return new GroupGeometry(1, before, shape[axis], Math.max(1, before));
        }
        throw new IllegalArgumentException(
                ("channels on axis %d of %s have elements before and after them; possible are the"
                                + " first axis, the last, axes with nothing but dimensions of 1"
                                + " before or after them, and blocks on any axis")
                        .formatted(axis, Arrays.toString(shape)));
    }

    /**
     * Shape of the scales that ONNX expects: none per tensor, the channels per channel, and per
     * block the tensor's shape with the blocks of its axis.
     *
     * @param shape dimensions of the tensor
     */
    public static long[] parameterShape(long[] shape, Granularity granularity) {
        return switch (granularity) {
            case PerTensor() -> new long[0];
            case PerChannel(int axis) -> {
                requireAxis(shape, axis, granularity);
                yield new long[] {shape[axis]};
            }
            case PerBlock(int axis, int size) -> {
                requireAxis(shape, axis, granularity);
                long[] blocks = shape.clone();
                blocks[axis] = Math.ceilDiv(shape[axis], (long) size);
                yield blocks;
            }
        };
    }

    /** Whether the elements of a group are adjacent. */
    public boolean contiguous() {
        return inner == 1;
    }

    /** Groups along one run. */
    public long groupsPerRun() {
        return Math.ceilDiv(length, groupSize);
    }

    /** Number of groups. */
    public long groupCount() {
        return product(outer, groupsPerRun(), inner);
    }

    /** Number of elements. */
    public long elementCount() {
        return product(outer, length, inner);
    }

    /** Number of the group that an element belongs to, both counted row-major. */
    public long groupOf(long element) {
        long column = element % inner;
        long row = element / inner;
        return (row / length * groupsPerRun() + row % length / groupSize) * inner + column;
    }

    /** First element of a group; the others follow at distances of {@link #inner}. */
    public long firstOf(long group) {
        long column = group % inner;
        long row = group / inner;
        long run = row / groupsPerRun();
        return (run * length + row % groupsPerRun() * groupSize) * inner + column;
    }

    /** Number of elements of a group; the last of a run may have fewer than the others. */
    public long sizeOf(long group) {
        return Math.min(groupSize, length - group / inner % groupsPerRun() * groupSize);
    }

    private static void requireAxis(long[] shape, int axis, Granularity granularity) {
        if (axis >= shape.length) {
            throw new IllegalArgumentException(
                    "%s needs axis %d, but the shape %s has %d axes"
                            .formatted(
                                    granularity.label(),
                                    axis,
                                    Arrays.toString(shape),
                                    shape.length));
        }
    }

    private static long before(long[] shape, int axis) {
        return product(Arrays.copyOf(shape, axis));
    }

    private static long after(long[] shape, int axis) {
        return product(Arrays.copyOfRange(shape, axis + 1, shape.length));
    }

    private static long product(long... factors) {
        // Zeros first: a product with a zero is zero however large the other factors are.
        for (long factor : factors) {
            if (factor == 0) {
                return 0;
            }
        }
        long product = 1;
        for (long factor : factors) {
            try {
                product = Math.multiplyExact(product, factor);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "%s has more elements than a long counts"
                                .formatted(Arrays.toString(factors)),
                        e);
            }
        }
        return product;
    }
}

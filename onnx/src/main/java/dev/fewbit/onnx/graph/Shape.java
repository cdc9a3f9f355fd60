package dev.fewbit.onnx.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The shape of a value, as far as the model states it: {@code [batch_size, 128, 384]}. A scalar has
 * rank 0; an unknown rank is the absence of a shape, not a shape.
 *
 * @param dimensions outermost first
 */
public record Shape(List<Dimension> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
    }

    /** A shape of known sizes. */
    public static Shape of(long... sizes) {
        List<Dimension> dimensions = new ArrayList<>(sizes.length);
        for (long size : sizes) {
            dimensions.add(new Dimension.Known(size));
        }
        return new Shape(dimensions);
    }

    /** Number of axes. */
    public int rank() {
        return dimensions.size();
    }

    /** The size of an axis, where it is known. */
    public OptionalLong size(int axis) {
        return switch (dimensions.get(axis)) {
            case Dimension.Known known -> OptionalLong.of(known.size());
            case Dimension.Symbolic _, Dimension.Unknown _ -> OptionalLong.empty();
        };
    }

    /** True when every axis has a known size. */
    public boolean isKnown() {
        return dimensions.stream().allMatch(Dimension.Known.class::isInstance);
    }

    /**
     * The sizes of all axes.
     *
     * @throws IllegalStateException when one is not known
     */
    public long[] sizes() {
        long[] sizes = new long[rank()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] =
                    size(axis)
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "Not every size is known in the shape "
                                                            + this));
        }
        return sizes;
    }

    /** As people write it: {@code [batch_size, 128, ?]}. */
    @Override
    public String toString() {
        return dimensions.stream()
                .map(
                        dimension ->
                                switch (dimension) {
                                    case Dimension.Known known -> Long.toString(known.size());
                                    case Dimension.Symbolic symbolic -> symbolic.name();
                                    case Dimension.Unknown _ -> "?";
                                })
                .toList()
                .toString();
    }
}

package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;

/** The largest and the smallest of many elements; of none, the value that is neutral. */
final class ReducedExtremes {
    private ReducedExtremes() {}

    static Tensor largest(Tensor x, long[] axes, boolean keeps) {
        if (axes.length == 0) {
            return x.alias();
        }
        return isEmpty(x, axes)
                ? filled(x, axes, keeps, lowest(Elements.type(x)))
                : torch.amax(x, axes, keeps);
    }

    static Tensor smallest(Tensor x, long[] axes, boolean keeps) {
        if (axes.length == 0) {
            return x.alias();
        }
        return isEmpty(x, axes)
                ? filled(x, axes, keeps, highest(Elements.type(x)))
                : torch.amin(x, axes, keeps);
    }

    private static boolean isEmpty(Tensor x, long[] axes) {
        return Arrays.stream(axes).anyMatch(axis -> x.size(axis) == 0);
    }

    private static Tensor filled(Tensor x, long[] axes, boolean keeps, Scalar value) {
        long[] shape = Tensors.shape(x);
        Arrays.stream(axes).forEach(axis -> shape[Math.toIntExact(axis)] = keeps ? 1 : -1);
        long[] result = Arrays.stream(shape).filter(size -> size >= 0).toArray();
        return Tensors.empty(result, Elements.type(x)).fill_(value);
    }

    private static Scalar lowest(ScalarType type) {
        return switch (type) {
            case Bool, Byte -> new Scalar(0);
            case Char -> new Scalar(Byte.MIN_VALUE);
            case Short -> new Scalar(Short.MIN_VALUE);
            case Int -> new Scalar(Integer.MIN_VALUE);
            case Long -> new Scalar(Long.MIN_VALUE);
            default -> new Scalar(Double.NEGATIVE_INFINITY);
        };
    }

    private static Scalar highest(ScalarType type) {
        return switch (type) {
            case Bool -> new Scalar(1);
            case Byte -> new Scalar(255);
            case Char -> new Scalar(Byte.MAX_VALUE);
            case Short -> new Scalar(Short.MAX_VALUE);
            case Int -> new Scalar(Integer.MAX_VALUE);
            case Long -> new Scalar(Long.MAX_VALUE);
            default -> new Scalar(Double.POSITIVE_INFINITY);
        };
    }
}

package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The elements of the small integer vectors that models compute from shapes: Shape, Gather, Slice,
 * Concat, arithmetic. An element that only the running model knows is a symbol, see {@link Extent}.
 */
final class ElementInference {
    private ElementInference() {}

    /** The elements of a node's first output, a scalar or vector; null when nothing follows. */
    static long @Nullable [] infer(Node node, ValueShapes values) {
        long[] first = values.elements(node.input(0));
        return switch (node.opType()) {
            case "Shape" -> shape(node, values.shape(node.input(0)));
            case "Size" -> size(values.shape(node.input(0)), values);
            case "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten" -> first;
            case "Cast" -> isInteger(node.intAttribute("to", 0)) ? first : null;
            case "Gather" -> gathered(first, values.integers(node.input(1)));
            case "Slice" -> sliced(node, first, values);
            case "Concat" -> joined(node, values);
            case "ConstantOfShape" -> filled(node, values.integers(node.input(0)));
            case "Range" ->
                    range(
                            values.integers(node.input(0)),
                            values.integers(node.input(1)),
                            values.integers(node.input(2)));
            case "Add", "Sub", "Mul", "Div" ->
                    computed(node.opType(), first, values.elements(node.input(1)), values);
            default -> null;
        };
    }

    private static boolean isInteger(long type) {
        return type == ElementType.INT64.code() || type == ElementType.INT32.code();
    }

    private static long @Nullable [] shape(Node node, long @Nullable [] data) {
        if (data == null) {
            return null;
        }
        long start = bound(node.intAttribute("start", 0), data.length);
        long end = bound(node.intAttribute("end", data.length), data.length);
        return Arrays.copyOfRange(data, (int) start, (int) Math.max(start, end));
    }

    private static long bound(long place, long length) {
        return Math.clamp(place < 0 ? place + length : place, 0, length);
    }

    private static long @Nullable [] size(long @Nullable [] data, ValueShapes values) {
        return data == null ? null : new long[] {ShapeInference.product(data, values.symbols())};
    }

    private static long @Nullable [] gathered(long @Nullable [] data, long @Nullable [] indices) {
        if (data == null || indices == null) {
            return null;
        }
        long[] result = new long[indices.length];
        for (int i = 0; i < result.length; i++) {
            long index = indices[i] < 0 ? indices[i] + data.length : indices[i];
            if (index < 0 || index >= data.length) {
                return null;
            }
            result[i] = data[(int) index];
        }
        return result;
    }

    private static long @Nullable [] sliced(Node node, long @Nullable [] data, ValueShapes values) {
        SliceBounds bounds = SliceBounds.of(node, values);
        if (data == null || bounds == null || bounds.starts().length != 1) {
            return null;
        }
        long step = bounds.steps()[0];
        if (step < 1) {
            return null;
        }
        long start = bound(bounds.starts()[0], data.length);
        long end = bound(bounds.ends()[0], data.length);
        long[] result = new long[(int) Math.max(0, Math.ceilDiv(end - start, step))];
        for (int i = 0; i < result.length; i++) {
            result[i] = data[(int) (start + i * step)];
        }
        return result;
    }

    private static long @Nullable [] joined(Node node, ValueShapes values) {
        long[] result = new long[0];
        for (Value input : node.inputs()) {
            long[] part = values.elements(input);
            if (part == null || result.length > ValueShapes.MOST_ELEMENTS) {
                return null;
            }
            int end = result.length;
            result = Arrays.copyOf(result, end + part.length);
            System.arraycopy(part, 0, result, end, part.length);
        }
        return result;
    }

    private static long @Nullable [] filled(Node node, long @Nullable [] target) {
        Tensor value = node.tensorAttribute("value");
        boolean small =
                target != null
                        && target.length == 1
                        && target[0] >= 0
                        && target[0] <= ValueShapes.MOST_ELEMENTS;
        long[] filling = value == null ? null : ValueShapes.integers(value);
        if (target == null || !small || filling == null || filling.length != 1) {
            return null;
        }
        long[] result = new long[(int) target[0]];
        Arrays.fill(result, filling[0]);
        return result;
    }

    private static long @Nullable [] range(
            long @Nullable [] start, long @Nullable [] limit, long @Nullable [] delta) {
        if (start == null || limit == null || delta == null) {
            return null;
        }
        boolean single = start.length == 1 && limit.length == 1 && delta.length == 1;
        if (!single || delta[0] == 0) {
            return null;
        }
        long count = Math.max(0, Math.ceilDiv(limit[0] - start[0], delta[0]));
        if (count > ValueShapes.MOST_ELEMENTS) {
            return null;
        }
        long[] result = new long[(int) count];
        for (int i = 0; i < result.length; i++) {
            result[i] = start[0] + i * delta[0];
        }
        return result;
    }

    private static long @Nullable [] computed(
            String operator, long @Nullable [] left, long @Nullable [] right, ValueShapes values) {
        if (left == null || right == null) {
            return null;
        }
        boolean fits = left.length == right.length || left.length == 1 || right.length == 1;
        if (!fits) {
            return null;
        }
        int length = left.length == 1 ? right.length : left.length;
        long[] result = new long[length];
        for (int i = 0; i < length; i++) {
            long a = left[left.length == 1 ? 0 : i];
            long b = right[right.length == 1 ? 0 : i];
            result[i] = computed(operator, a, b, values.symbols());
        }
        return result;
    }

    private static long computed(String operator, long a, long b, Extent.Symbols symbols) {
        boolean known = Extent.isKnown(a) && Extent.isKnown(b);
        boolean moderate = known && Math.abs(a) < 1L << 30 && Math.abs(b) < 1L << 30;
        return switch (operator) {
            case "Add" -> b == 0 ? a : a == 0 ? b : moderate ? a + b : symbols.number();
            case "Sub" -> b == 0 ? a : moderate ? a - b : symbols.number();
            case "Mul" -> b == 1 ? a : a == 1 ? b : moderate ? a * b : symbols.number();
            case "Div" -> b == 1 ? a : moderate && b != 0 ? a / b : symbols.number();
            default -> throw new IllegalArgumentException("not arithmetic: " + operator);
        };
    }
}

package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The shape of a node's output for the operators of the default domain under all opsets from 7 to
 * 26: always the right rank, and the sizes that follow. Sizes are {@link Extent}s.
 */
final class ShapeInference {

    private ShapeInference() {}

    /** The shape of output {@code index}; null when not even its rank follows. */
    static long @Nullable [] infer(Node node, int index, ValueShapes values) {
        long[] first = values.shape(node.input(0));
        long[] shape = infer(node, index, first, values);
        boolean rankFollows = first != null && ShapeClasses.SAME_RANK.contains(node.opType());
        return shape == null && first != null && rankFollows
                ? values.symbols().sizes(first.length)
                : shape;
    }

    private static long @Nullable [] infer(
            Node node, int index, long @Nullable [] first, ValueShapes values) {
        String operator = node.opType();
        if (ShapeClasses.UNCHANGED.contains(operator)) {
            return index == 0 || operator.equals("Dropout") ? first : null;
        }
        if (ShapeClasses.BROADCAST.contains(operator)) {
            return broadcast(node, values);
        }
        if (operator.startsWith("Reduce")) {
            return AxesShapes.reduced(node, first, AxesShapes.axes(node, values), values.symbols());
        }
        return switch (operator) {
            case "ArgMax", "ArgMin" ->
                    AxesShapes.reduced(
                            node,
                            first,
                            new long[] {node.intAttribute("axis", 0)},
                            values.symbols());
            case "Squeeze" -> AxesShapes.squeezed(first, AxesShapes.axes(node, values));
            case "Unsqueeze" -> AxesShapes.unsqueezed(first, AxesShapes.axes(node, values));
            case "Conv", "ConvTranspose", "AveragePool", "LpPool", "MaxPool" ->
                    WindowShapes.infer(node, first, values);
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> pooled(first);
            case "MatMul", "MatMulInteger" ->
                    multiplied(first, values.shape(node.input(1)), values.symbols());
            case "QLinearMatMul" ->
                    multiplied(first, values.shape(node.input(3)), values.symbols());
            case "Gemm" -> gemm(node, first, values.shape(node.input(1)), values.symbols());
            case "Flatten" -> flattened(node, first, values.symbols());
            case "Transpose" -> transposed(node, first, values.symbols());
            case "Gather" -> gathered(node, first, values.shape(node.input(1)));
            case "GatherND" ->
                    gatheredTuples(node, first, values.shape(node.input(1)), values.symbols());
            case "GatherElements" -> values.shape(node.input(1));
            case "OneHot" -> first == null ? null : values.symbols().sizes(first.length + 1);
            case "GRU", "RNN", "LSTM" -> values.symbols().sizes(index == 0 ? 4 : 3);
            case "NonZero", "NonMaxSuppression" -> values.symbols().sizes(2);
            case "Range" -> values.symbols().sizes(1);
            case "Size" -> new long[0];
            case "Shape" -> values.symbols().sizes(1);
            default -> MovementShapes.infer(node, index, first, values);
        };
    }

    /** The product of sizes; a symbol if one is unknown and the others are not all 1. */
    static long product(long[] extents, Extent.Symbols symbols) {
        return product(extents, 0, extents.length, symbols);
    }

    private static long product(long[] extents, int from, int to, Extent.Symbols symbols) {
        long known = 1;
        long unknown = 0;
        int count = 0;
        for (int axis = from; axis < to; axis++) {
            if (!Extent.isKnown(extents[axis])) {
                unknown = extents[axis];
                count++;
            } else if (extents[axis] != 0 && known > (1L << 50) / extents[axis]) {
                return symbols.size();
            } else {
                known *= extents[axis];
            }
        }
        return count == 0 || known == 0
                ? known
                : count == 1 && known == 1 ? unknown : symbols.size();
    }

    private static long @Nullable [] broadcast(Node node, ValueShapes values) {
        long[] result = new long[0];
        for (Value input : node.inputs()) {
            long[] shape = values.shape(input);
            if (shape == null) {
                return null;
            }
            result = broadcast(result, shape, values.symbols());
        }
        return result;
    }

    /** The shape to which two shapes broadcast, the shorter one counted from the back. */
    static long[] broadcast(long[] left, long[] right, Extent.Symbols symbols) {
        if (left.length < right.length) {
            return broadcast(right, left, symbols);
        }
        long[] result = left.clone();
        int offset = left.length - right.length;
        for (int axis = 0; axis < right.length; axis++) {
            result[offset + axis] = broadcast(left[offset + axis], right[axis], symbols);
        }
        return result;
    }

    private static long broadcast(long left, long right, Extent.Symbols symbols) {
        if (left == right || right == 1) {
            return left;
        }
        if (left == 1 || Extent.isKnown(right)) {
            return right;
        }
        return Extent.isKnown(left) ? left : symbols.size();
    }

    private static long @Nullable [] pooled(long @Nullable [] data) {
        if (data == null || data.length < 2) {
            return null;
        }
        long[] result = data.clone();
        Arrays.fill(result, 2, result.length, 1);
        return result;
    }

    private static long @Nullable [] multiplied(
            long @Nullable [] left, long @Nullable [] right, Extent.Symbols symbols) {
        if (left == null || right == null || left.length == 0 || right.length == 0) {
            return null;
        }
        // A vector counts as a matrix of one row (left) or one column (right), then is dropped.
        int leftBatch = Math.max(0, left.length - 2);
        int rightBatch = Math.max(0, right.length - 2);
        long[] batch =
                broadcast(
                        Arrays.copyOf(left, leftBatch), Arrays.copyOf(right, rightBatch), symbols);
        int rank = batch.length + (left.length > 1 ? 1 : 0) + (right.length > 1 ? 1 : 0);
        long[] result = Arrays.copyOf(batch, rank);
        int next = batch.length;
        if (left.length > 1) {
            result[next++] = left[left.length - 2];
        }
        if (right.length > 1) {
            result[next] = right[right.length - 1];
        }
        return result;
    }

    private static long[] gemm(
            Node node, long @Nullable [] left, long @Nullable [] right, Extent.Symbols symbols) {
        long[] result = symbols.sizes(2);
        if (left != null && left.length == 2) {
            result[0] = left[node.intAttribute("transA", 0) == 0 ? 0 : 1];
        }
        if (right != null && right.length == 2) {
            result[1] = right[node.intAttribute("transB", 0) == 0 ? 1 : 0];
        }
        return result;
    }

    private static long[] flattened(Node node, long @Nullable [] data, Extent.Symbols symbols) {
        if (data == null) {
            return symbols.sizes(2);
        }
        long axis = node.intAttribute("axis", 1);
        int split = Math.clamp(axis < 0 ? axis + data.length : axis, 0, data.length);
        return new long[] {
            product(data, 0, split, symbols), product(data, split, data.length, symbols)
        };
    }

    private static long @Nullable [] transposed(
            Node node, long @Nullable [] data, Extent.Symbols symbols) {
        long[] permutation = node.intsAttribute("perm");
        if (data == null || (permutation != null && permutation.length != data.length)) {
            return permutation == null ? null : symbols.sizes(permutation.length);
        }
        long[] result = new long[data.length];
        for (int axis = 0; axis < data.length; axis++) {
            long from = permutation == null ? data.length - 1 - axis : permutation[axis];
            if (from < 0 || from >= data.length) {
                return null;
            }
            result[axis] = data[(int) from];
        }
        return result;
    }

    private static long @Nullable [] gathered(
            Node node, long @Nullable [] data, long @Nullable [] indices) {
        if (data == null || indices == null || data.length == 0) {
            return null;
        }
        int axis = (int) Math.floorMod(node.intAttribute("axis", 0), (long) data.length);
        long[] result = new long[data.length - 1 + indices.length];
        System.arraycopy(data, 0, result, 0, axis);
        System.arraycopy(indices, 0, result, axis, indices.length);
        System.arraycopy(data, axis + 1, result, axis + indices.length, data.length - axis - 1);
        return result;
    }

    private static long @Nullable [] gatheredTuples(
            Node node, long @Nullable [] data, long @Nullable [] indices, Extent.Symbols symbols) {
        if (data == null || indices == null || indices.length == 0) {
            return null;
        }
        long tuple = indices[indices.length - 1];
        long batch = node.intAttribute("batch_dims", 0);
        boolean valid = tuple >= 0 && batch >= 0 && tuple <= data.length - batch;
        if (!valid) {
            return null;
        }
        long rank = data.length + indices.length - tuple - 1 - batch;
        return rank < 0 ? null : symbols.sizes((int) rank);
    }
}

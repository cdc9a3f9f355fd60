package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The shape of a node's output, for the operators of the default domain under all opsets from 7 to
 * 26: always the right rank, and sizes where they come cheaply. Shapes as in {@link Sizes}.
 */
final class ShapeRules {

    private ShapeRules() {}

    /** The shape of output {@code index}; null when even its rank does not follow. */
    static long @Nullable [] infer(Node node, int index, ValueFacts facts) {
        if (!node.domain().isEmpty()) {
            return null;
        }
        String operator = node.opType();
        long[] first = facts.sizes(node.input(0));
        if (ShapeClasses.UNCHANGED.contains(operator)) {
            return index == 0 || operator.equals("Dropout") ? first : null;
        }
        if (ShapeClasses.BROADCAST.contains(operator)) {
            return broadcast(node, facts);
        }
        if (ShapeClasses.SAME_RANK.contains(operator)) {
            return first == null ? null : Sizes.ofRank(first.length);
        }
        if (operator.startsWith("Reduce")) {
            return AxesRules.reduced(node, first, AxesRules.of(node, facts));
        }
        return switch (operator) {
            case "ArgMax", "ArgMin" ->
                    AxesRules.reduced(node, first, new long[] {node.intAttribute("axis", 0)});
            case "Concat" -> VectorRules.joined(node, first, facts);
            case "ConstantOfShape" -> VectorRules.target(node.input(0), facts);
            case "Expand" -> expanded(first, VectorRules.target(node.input(1), facts));
            case "Flatten", "Gemm", "NonZero", "NonMaxSuppression" -> Sizes.ofRank(2);
            case "Gather" -> gathered(node, first, facts.sizes(node.input(1)));
            case "GatherElements" -> facts.sizes(node.input(1));
            case "GatherND" -> gatheredTuples(node, first, facts.sizes(node.input(1)));
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> pooled(first);
            case "GRU", "RNN", "LSTM" -> Sizes.ofRank(index == 0 ? 4 : 3);
            case "MatMul", "MatMulInteger" -> product(first, facts.sizes(node.input(1)));
            case "QLinearMatMul" -> product(first, facts.sizes(node.input(3)));
            case "OneHot" -> first == null ? null : Sizes.ofRank(first.length + 1);
            case "Range" -> Sizes.ofRank(1);
            case "Reshape" -> VectorRules.target(node.input(1), facts);
            case "Shape" -> VectorRules.shape(node, first);
            case "Size" -> new long[0];
            case "Slice" -> VectorRules.sliced(node, first, facts);
            case "Squeeze" -> AxesRules.squeezed(first, AxesRules.of(node, facts));
            case "Transpose" -> transposed(node, first);
            case "Unsqueeze" -> AxesRules.unsqueezed(first, AxesRules.of(node, facts));
            default -> null;
        };
    }

    private static long @Nullable [] broadcast(Node node, ValueFacts facts) {
        long[] result = new long[0];
        for (Value input : node.inputs()) {
            long[] sizes = facts.sizes(input);
            if (sizes == null) {
                return null;
            }
            result = Sizes.broadcast(result, sizes);
        }
        return result;
    }

    private static long @Nullable [] expanded(long @Nullable [] data, long @Nullable [] target) {
        return data == null || target == null
                ? null
                : Sizes.ofRank(Math.max(data.length, target.length));
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
            Node node, long @Nullable [] data, long @Nullable [] indices) {
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
        return rank < 0 ? null : Sizes.ofRank((int) rank);
    }

    private static long @Nullable [] pooled(long @Nullable [] data) {
        if (data == null || data.length < 2) {
            return null;
        }
        long[] result = data.clone();
        Arrays.fill(result, 2, result.length, 1);
        return result;
    }

    private static long @Nullable [] product(long @Nullable [] left, long @Nullable [] right) {
        if (left == null || right == null || left.length == 0 || right.length == 0) {
            return null;
        }
        int rank = Math.max(Math.max(left.length, right.length), 2);
        // A vector counts as a matrix of one row (left) or one column (right), then is dropped.
        return Sizes.ofRank(rank - (left.length == 1 ? 1 : 0) - (right.length == 1 ? 1 : 0));
    }

    private static long @Nullable [] transposed(Node node, long @Nullable [] data) {
        long[] permutation = node.intsAttribute("perm");
        if (permutation == null) {
            return data == null ? null : reversed(data);
        }
        int rank = permutation.length;
        long[] result = Sizes.ofRank(rank);
        for (int axis = 0; data != null && data.length == rank && axis < rank; axis++) {
            long from = permutation[axis];
            result[axis] = from < 0 || from >= rank ? Sizes.UNKNOWN : data[(int) from];
        }
        return result;
    }

    private static long[] reversed(long[] data) {
        long[] result = new long[data.length];
        for (int axis = 0; axis < data.length; axis++) {
            result[axis] = data[data.length - 1 - axis];
        }
        return result;
    }
}

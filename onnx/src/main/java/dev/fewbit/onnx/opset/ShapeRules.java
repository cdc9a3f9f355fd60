package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * The shape of a node's output, for the operators of the default domain under all opsets from 7 to
 * 26: always the right rank, and sizes where they come cheaply.
 */
final class ShapeRules {

    private static final Dimension UNKNOWN = new Dimension.Unknown();

    private static final int MAXIMUM_RANK = 64;
    private static final long[] ONE = {1};

    private ShapeRules() {}

    /** The shape of output {@code index}; null when even its rank does not follow. */
    static @Nullable Shape infer(Node node, int index, ValueFacts facts) {
        if (!node.domain().isEmpty()) {
            return null;
        }
        String operator = node.opType();
        Shape first = facts.shape(node.input(0));
        if (ShapeClasses.UNCHANGED.contains(operator)) {
            return index == 0 || operator.equals("Dropout") ? first : null;
        }
        if (ShapeClasses.BROADCAST.contains(operator)) {
            return broadcast(node, facts);
        }
        if (ShapeClasses.SAME_RANK.contains(operator)) {
            return first == null ? null : unknown(first.rank());
        }
        if (operator.startsWith("Reduce")) {
            return AxesRules.reduced(node, first, AxesRules.of(node, facts));
        }
        return switch (operator) {
            case "ArgMax", "ArgMin" ->
                    AxesRules.reduced(node, first, new long[] {node.intAttribute("axis", 0)});
            case "Concat" -> joined(node, first, facts);
            case "ConstantOfShape" -> target(node.input(0), facts);
            case "Expand" -> expanded(first, target(node.input(1), facts));
            case "Flatten", "Gemm", "NonZero", "NonMaxSuppression" -> unknown(2);
            case "Gather" -> gathered(node, first, facts.shape(node.input(1)));
            case "GatherElements" -> facts.shape(node.input(1));
            case "GatherND" -> gatheredTuples(node, first, facts.shape(node.input(1)));
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> pooled(first);
            case "GRU", "RNN", "LSTM" -> unknown(index == 0 ? 4 : 3);
            case "MatMul", "MatMulInteger" -> product(first, facts.shape(node.input(1)));
            case "QLinearMatMul" -> product(first, facts.shape(node.input(3)));
            case "OneHot" -> first == null ? null : unknown(first.rank() + 1);
            case "Range" -> unknown(1);
            case "Reshape" -> target(node.input(1), facts);
            case "Shape" -> vector(node, first);
            case "Size" -> Shape.of();
            case "Slice" -> sliced(node, first, facts);
            case "Squeeze" -> AxesRules.squeezed(first, AxesRules.of(node, facts));
            case "Transpose" -> transposed(node, first);
            case "Unsqueeze" -> AxesRules.unsqueezed(first, AxesRules.of(node, facts));
            default -> null;
        };
    }

    static Shape unknown(int rank) {
        return new Shape(Collections.nCopies(rank, UNKNOWN));
    }

    private static @Nullable Shape broadcast(Node node, ValueFacts facts) {
        List<Dimension> result = new ArrayList<>();
        for (Value input : node.inputs()) {
            Shape shape = facts.shape(input);
            if (shape == null) {
                return null;
            }
            while (result.size() < shape.rank()) {
                result.addFirst(new Dimension.Known(1));
            }
            int offset = result.size() - shape.rank();
            for (int axis = 0; axis < shape.rank(); axis++) {
                Dimension both = broadcast(result.get(offset + axis), shape.dimensions().get(axis));
                result.set(offset + axis, both);
            }
        }
        return new Shape(result);
    }

    private static Dimension broadcast(Dimension left, Dimension right) {
        if (left.equals(right) || right.equals(new Dimension.Known(1))) {
            return left;
        }
        if (left.equals(new Dimension.Known(1))) {
            return right;
        }
        // Of two that differ, one known to be neither 1 nor unknown decides.
        return left instanceof Dimension.Known
                ? left
                : right instanceof Dimension.Known ? right : UNKNOWN;
    }

    /** The shape that a shape tensor asks for: its values if constant, else as many as it holds. */
    private static @Nullable Shape target(@Nullable Value shapeTensor, ValueFacts facts) {
        long[] sizes = facts.integers(shapeTensor);
        if (sizes != null) {
            return new Shape(
                    Arrays.stream(sizes)
                            .mapToObj(size -> size > 0 ? new Dimension.Known(size) : UNKNOWN)
                            .toList());
        }
        Shape shape = facts.shape(shapeTensor);
        OptionalLong count =
                shape == null || shape.rank() != 1 ? OptionalLong.empty() : shape.size(0);
        // A length beyond every real rank comes from a broken file.
        boolean credible = count.isPresent() && count.getAsLong() <= MAXIMUM_RANK;
        return credible ? unknown((int) count.getAsLong()) : null;
    }

    /** Concat adds up the sizes along its axis: that is how shape vectors are put together. */
    private static @Nullable Shape joined(Node node, @Nullable Shape first, ValueFacts facts) {
        if (first == null || first.rank() == 0) {
            return null;
        }
        int axis = (int) Math.floorMod(node.intAttribute("axis", 1), (long) first.rank());
        long sum = 0;
        for (Value input : node.inputs()) {
            Shape shape = facts.shape(input);
            if (shape == null || shape.rank() != first.rank() || shape.size(axis).isEmpty()) {
                return unknown(first.rank());
            }
            sum += shape.size(axis).getAsLong();
        }
        List<Dimension> result = new ArrayList<>(first.dimensions());
        result.set(axis, new Dimension.Known(sum));
        return new Shape(result);
    }

    /** Slice: the rank, and the length of a vector cut at constant places without steps. */
    private static @Nullable Shape sliced(Node node, @Nullable Shape data, ValueFacts facts) {
        long[] steps = facts.integers(node.input(4));
        boolean gapless = node.input(4) == null || (steps != null && Arrays.equals(steps, ONE));
        if (data == null || data.rank() != 1 || data.size(0).isEmpty() || !gapless) {
            return data == null ? null : unknown(data.rank());
        }
        boolean attributes = node.attribute("starts") != null;
        long[] starts = attributes ? node.intsAttribute("starts") : facts.integers(node.input(1));
        long[] ends = attributes ? node.intsAttribute("ends") : facts.integers(node.input(2));
        if (starts == null || ends == null || starts.length != 1 || ends.length != 1) {
            return unknown(1);
        }
        long length = data.size(0).getAsLong();
        return Shape.of(Math.max(0, clamp(ends[0], length) - clamp(starts[0], length)));
    }

    private static long clamp(long place, long length) {
        return Math.clamp(place < 0 ? place + length : place, 0, length);
    }

    private static @Nullable Shape expanded(@Nullable Shape data, @Nullable Shape target) {
        return data == null || target == null
                ? null
                : unknown(Math.max(data.rank(), target.rank()));
    }

    private static @Nullable Shape gathered(
            Node node, @Nullable Shape data, @Nullable Shape indices) {
        if (data == null || indices == null || data.rank() == 0) {
            return null;
        }
        int axis = (int) Math.floorMod(node.intAttribute("axis", 0), (long) data.rank());
        List<Dimension> result = new ArrayList<>(data.dimensions());
        result.remove(axis);
        result.addAll(axis, indices.dimensions());
        return new Shape(result);
    }

    private static @Nullable Shape gatheredTuples(
            Node node, @Nullable Shape data, @Nullable Shape indices) {
        if (data == null || indices == null || indices.rank() == 0) {
            return null;
        }
        OptionalLong tuple = indices.size(indices.rank() - 1);
        if (tuple.isEmpty()) {
            return null;
        }
        long batch = node.intAttribute("batch_dims", 0);
        long rank = data.rank() + indices.rank() - tuple.getAsLong() - 1 - batch;
        return rank < 0 ? null : unknown((int) rank);
    }

    private static @Nullable Shape pooled(@Nullable Shape data) {
        if (data == null || data.rank() < 2) {
            return null;
        }
        List<Dimension> result = new ArrayList<>(data.dimensions().subList(0, 2));
        result.addAll(Collections.nCopies(data.rank() - 2, new Dimension.Known(1)));
        return new Shape(result);
    }

    private static @Nullable Shape product(@Nullable Shape left, @Nullable Shape right) {
        if (left == null || right == null || left.rank() == 0 || right.rank() == 0) {
            return null;
        }
        int rank = Math.max(Math.max(left.rank(), right.rank()), 2);
        // A vector counts as a matrix of one row (left) or one column (right), then is dropped.
        return unknown(rank - (left.rank() == 1 ? 1 : 0) - (right.rank() == 1 ? 1 : 0));
    }

    private static Shape vector(Node node, @Nullable Shape data) {
        boolean whole = node.attribute("start") == null && node.attribute("end") == null;
        return data == null || !whole ? unknown(1) : Shape.of(data.rank());
    }

    private static @Nullable Shape transposed(Node node, @Nullable Shape data) {
        long[] permutation = node.intsAttribute("perm");
        if (permutation == null) {
            return data == null ? null : new Shape(data.dimensions().reversed());
        }
        int rank = permutation.length;
        boolean valid = Arrays.stream(permutation).allMatch(axis -> axis >= 0 && axis < rank);
        if (data == null || data.rank() != rank || !valid) {
            return unknown(rank);
        }
        return new Shape(
                Arrays.stream(permutation)
                        .mapToObj(axis -> data.dimensions().get((int) axis))
                        .toList());
    }
}

package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Opset 13: Softmax, LogSoftmax and Hardmax work along one axis (default -1); before, all axes from
 * the given one on (default 1) were taken together.
 *
 * <pre>
 * before:  Softmax(x, axis=a)
 * after:   Softmax(x, axis=b)                                        where b is the only axis from a on
 *                                                                    whose size is not 1
 *          Reshape(Softmax(Flatten(x, axis=a), axis=-1), Shape(x))   elsewhere
 * </pre>
 *
 * The first form is by far the more common and the only one that the runtime's fused kernels take,
 * so much is done to know the rank ({@link ValueFacts}). The second needs opset 14 for tensors
 * without elements whose size of 0 lies behind the second axis: Reshape of opset 13 cannot ask for
 * it.
 */
final class SoftmaxOverFlattenedAxes implements Adapter {

    private static final int OPSET_OF_ALLOWZERO = 14;

    @Override
    public int version() {
        return 13;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Softmax", "LogSoftmax", "Hardmax");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        long axis = node.intAttribute("axis", 1);
        Value data = Objects.requireNonNull(node.input(0), "Softmax without input");
        OptionalInt single = singleAxis(axis, rewriting.facts().shapes().shape(data));
        if (single.isPresent()) {
            node.setAttribute("axis", single.getAsInt());
            return;
        }
        Node flatten = new Node("Flatten", "", data);
        flatten.setAttribute("axis", axis);
        Value flattened = rewriting.insertBefore(node, flatten);
        Value shape = rewriting.insertBefore(node, new Node("Shape", "", data));
        node.setInput(0, flattened);
        node.setAttribute("axis", -1);
        Node reshape = new Node("Reshape", "", null, shape);
        if (rewriting.target() >= OPSET_OF_ALLOWZERO) {
            // A size of 0 in the shape is then a size, not "as in the input".
            reshape.setAttribute("allowzero", 1);
        }
        rewriting.insertBehind(node, reshape);
    }

    /** The one axis that counts among those from {@code axis} on, in the same sign. */
    private static OptionalInt singleAxis(long axis, long @Nullable [] shape) {
        if (axis == -1) {
            return OptionalInt.of(-1);
        }
        if (shape == null || axis < -shape.length || axis >= shape.length) {
            return OptionalInt.empty();
        }
        int rank = shape.length;
        int single = -1;
        for (int i = (int) (axis < 0 ? axis + rank : axis); i < rank; i++) {
            if (shape[i] != 1) {
                if (single >= 0) {
                    return OptionalInt.empty();
                }
                single = i;
            }
        }
        int found = single < 0 ? rank - 1 : single;
        return OptionalInt.of(axis < 0 ? found - rank : found);
    }
}

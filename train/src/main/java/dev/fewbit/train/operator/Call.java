package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** One run of a node: its attributes and the values of its inputs. */
public final class Call {
    private final Node node;
    private final List<@Nullable Tensor> inputs;
    private final Subgraphs subgraphs;

    /** Runs subgraphs of nodes such as If and Loop. */
    @FunctionalInterface
    public interface Subgraphs {
        /**
         * Runs one.
         *
         * @param inputs values of the subgraph's inputs, in their order
         * @return values of its outputs, in their order
         */
        List<Tensor> run(Graph graph, List<Tensor> inputs);
    }

    /**
     * A run.
     *
     * @param inputs in the order of the node, null for those that are omitted
     */
    public Call(Node node, List<@Nullable Tensor> inputs, Subgraphs subgraphs) {
        this.node = node;
        this.inputs = inputs;
        this.subgraphs = subgraphs;
    }

    /** The same run on other inputs. */
    Call with(List<@Nullable Tensor> others) {
        return new Call(node, others, subgraphs);
    }

    /** The node. */
    public Node node() {
        return node;
    }

    /** Number of inputs, omitted ones before the last included. */
    public int inputs() {
        return inputs.size();
    }

    /** Whether an input is given. */
    public boolean has(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    /**
     * An input; not to be changed nor closed.
     *
     * @throws OperatorException if it is omitted
     */
    public Tensor input(int index) {
        Tensor tensor = index < inputs.size() ? inputs.get(index) : null;
        if (tensor == null) {
            throw failure("needs its input " + index);
        }
        return tensor;
    }

    /** An input, or null if it is omitted. */
    public @Nullable Tensor inputOrNull(int index) {
        return index < inputs.size() ? inputs.get(index) : null;
    }

    /** Whether an output of the node is used, or could be. */
    public boolean wants(int output) {
        return node.output(output) != null;
    }

    /** The values of an input of integers, such as axes and sizes. */
    public long[] longs(int index) {
        return Tensors.longs(input(index));
    }

    /** The values of an input of integers, or null if it is omitted. */
    public long @Nullable [] longsOrNull(int index) {
        return has(index) ? longs(index) : null;
    }

    /** The only value of an input. */
    public double number(int index) {
        Tensor tensor = input(index);
        if (tensor.numel() != 1) {
            throw failure("takes one number as input %d, got %d".formatted(index, tensor.numel()));
        }
        return tensor.item_double();
    }

    /** Number of axes of an input. */
    public int rank(int index) {
        return Math.toIntExact(input(index).dim());
    }

    /** An axis counted from the front. */
    public int axis(long axis, int rank) {
        if (axis < -rank || axis >= Math.max(1, rank)) {
            throw failure("has no axis %d: there are %d".formatted(axis, rank));
        }
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }

    /** Axes counted from the front. */
    public long[] axes(long[] axes, int rank) {
        return Arrays.stream(axes).map(axis -> axis(axis, rank)).toArray();
    }

    /** The same values as another tensor object, as {@link Operator#run} has to return them. */
    public Tensor same(Tensor tensor) {
        return tensor.alias();
    }

    /** Runs a subgraph of the node. */
    public List<Tensor> runSubgraph(Graph graph, List<Tensor> values) {
        return subgraphs.run(graph, values);
    }

    /** An error that names the node. */
    public OperatorException failure(String what) {
        return new OperatorException(node + " " + what);
    }
}

package dev.fewbit.onnx.weight;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.LevelScaling;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.List;

/**
 * One constant float tensor and every node that reads it.
 *
 * @param value the value that holds it: an initializer, or the output of a Constant node
 * @param tensor its elements
 * @param graph the graph in which it is defined
 * @param uses who reads it; at least one
 */
public record WeightSite(Value value, Tensor tensor, Graph graph, List<WeightUse> uses) {

    /** Copies the list. */
    public WeightSite {
        uses = List.copyOf(uses);
    }

    /** Name of the tensor. */
    public String name() {
        return value.name();
    }

    /**
     * The use that decides how the weights are grouped: a table lookup if there is one, else the
     * first that is known.
     */
    public WeightUse leadingUse() {
        return uses.stream()
                .filter(use -> use.role() == WeightRole.TABLE)
                .findFirst()
                .or(() -> uses.stream().filter(use -> use.role() != WeightRole.OTHER).findFirst())
                .orElse(uses.getFirst());
    }

    /**
     * True when the leading use sums over the rows of a {@code [..., K, N]} matrix, so that groups
     * run down its columns.
     */
    public boolean groupsRunDownColumns() {
        WeightUse use = leadingUse();
        return use.isRightOperand() && !use.transposed();
    }

    /**
     * The axes over which an output channel sums, as a range: groups run along them. For {@code [K,
     * N]} that is axis 0, for a convolution all but the first.
     */
    int firstSummedAxis() {
        int rank = tensor.shape().length;
        return switch (leadingUse().role()) {
            case MATMUL_RIGHT, GEMM_RIGHT ->
                    leadingUse().transposed() ? rank - 1 : Math.max(0, rank - 2);
            case MATMUL_LEFT, TABLE, RECURRENT -> rank - 1;
            case GEMM_LEFT -> leadingUse().transposed() ? 0 : rank - 1;
            case CONVOLUTION, TRANSPOSED_CONVOLUTION, OTHER -> Math.min(1, rank - 1);
        };
    }

    private int endOfSummedAxes() {
        return groupsRunDownColumns()
                        || (leadingUse().role() == WeightRole.GEMM_LEFT
                                && leadingUse().transposed())
                ? firstSummedAxis() + 1
                : tensor.shape().length;
    }

    /** The tensor as groups of weights that share a scale. */
    public GroupGeometry geometry(Grouping grouping) {
        long[] shape = tensor.shape();
        long outer = product(shape, 0, firstSummedAxis());
        long length = product(shape, firstSummedAxis(), endOfSummedAxes());
        long inner = product(shape, endOfSummedAxes(), shape.length);
        return switch (grouping.kind()) {
            case TENSOR -> new GroupGeometry(1, outer * length * inner, 1, outer * length * inner);
            case CHANNEL -> new GroupGeometry(outer, length, inner, length);
            case BLOCK ->
                    new GroupGeometry(outer, length, inner, Math.min(grouping.size(), length));
        };
    }

    /**
     * The tensor as groups of weights whose levels are those of one table: output channels if there
     * are enough weights for several tables that are learned, otherwise all.
     */
    public TableGeometry tables(LevelFormat format, Grouping grouping) {
        // A scale for all weights cannot be shared by tables of integers that have been learned
        // with scales of their own.
        boolean oneScale =
                LevelScaling.of(format, grouping) == LevelScaling.SIGNED
                        && grouping.kind() == Grouping.Kind.TENSOR;
        return format instanceof Codebook codebook && !oneScale
                ? TableGeometry.bySize(geometry(Grouping.CHANNEL), codebook)
                : TableGeometry.oneTable(tensor.elementCount());
    }

    /**
     * The shape with which per-channel scales broadcast over the tensor: 1 along the summed axes.
     */
    public long[] channelScaleShape() {
        long[] shape = tensor.shape().clone();
        for (int axis = firstSummedAxis(); axis < endOfSummedAxes(); axis++) {
            shape[axis] = 1;
        }
        return shape;
    }

    private static long product(long[] shape, int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product = Math.multiplyExact(product, shape[axis]);
        }
        return product;
    }
}

package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.List;

/**
 * A weight that is small in the file and float in memory, for any operator.
 *
 * <pre>
 * before: w
 * after:  Mul(Sub(Cast(codes), zero point), scale)
 *         Mul(Gather(levels, codes), scale) for levels from tables, see {@link LevelReader}
 *         narrow codes are unpacked before it, see {@link PlaneNodes}; Reshape around it for blocks;
 *         scales of two levels are Mul(Cast(scale), base)
 * </pre>
 *
 * <p>Where the blocks do not divide the inputs, scales and zero points are repeated for every input
 * and the surplus is cut off.
 *
 * <p>All inputs are constants and none of the operators is DequantizeLinear (which ONNX Runtime
 * never folds), so the runtime computes the float weight once, when it loads the model, and then
 * runs the float kernels at their speed. Needs opset 7, 10 for blocks that do not divide, and 11
 * for packed codes and several tables.
 */
final class FoldedWeight {
    private final StoredWeight weight;
    private final GroupGeometry geometry;
    private final SharedConstants constants;
    private final NodeInserter nodes;

    private FoldedWeight(StoredWeight weight, SharedConstants constants, NodeInserter nodes) {
        this.weight = weight;
        this.geometry = weight.geometry();
        this.constants = constants;
        this.nodes = nodes;
    }

    static int minimumOpset(WeightLayout layout, GroupGeometry geometry) {
        return Math.max(layout.minimumOpset(), divides(geometry) ? 7 : 10);
    }

    static boolean divides(GroupGeometry geometry) {
        return geometry.length() % geometry.groupSize() == 0;
    }

    /** The float weight, in the shape of the original. */
    static Value build(EncodingContext context, StoredWeight weight) {
        Graph graph = weight.site().graph();
        List<Node> existing = graph.nodes();
        NodeInserter nodes =
                new NodeInserter(
                        graph,
                        existing.isEmpty() ? null : existing.getFirst(),
                        weight.site().name());
        return new FoldedWeight(weight, context.constants(), nodes).build();
    }

    private Value build() {
        long[] shape = weight.site().tensor().shape();
        boolean blocks = weight.grouping().kind() == Grouping.Kind.BLOCK;
        CodeReader codes = weight.reader(nodes, constants);
        Value real = codes.floats(blocks ? blockShape() : shape);
        Value zeroPoint = weight.zeroPoint();
        if (zeroPoint != null) {
            Value zero = nodes.cast(zeroPoint, ElementType.FLOAT);
            real = nodes.add("Sub", real, blocks ? perBlock(zero) : zero);
        } else if (codes.middle() != 0) {
            real = nodes.add("Sub", real, constants.number(codes.middle()));
        }
        Value scale = weight.scale(nodes);
        if (scale == null) {
            return real;
        }
        real = nodes.add("Mul", real, blocks ? perBlock(scale) : scale);
        return blocks ? nodes.add("Reshape", real, constants.longs(shape)) : real;
    }

    private long[] blockShape() {
        return divides(geometry)
                ? new long[] {
                    geometry.outer(),
                    geometry.groupsPerRun(),
                    geometry.groupSize(),
                    geometry.inner()
                }
                : new long[] {geometry.outer(), geometry.length(), geometry.inner()};
    }

    private Value perBlock(Value perGroup) {
        long outer = geometry.outer();
        long blocks = geometry.groupsPerRun();
        long size = geometry.groupSize();
        long inner = geometry.inner();
        Value column = nodes.add("Reshape", perGroup, constants.longs(outer, blocks, 1, inner));
        if (divides(geometry)) {
            return column;
        }
        Value repeated = nodes.add("Expand", column, constants.longs(outer, blocks, size, inner));
        Value run = nodes.add("Reshape", repeated, constants.longs(outer, blocks * size, inner));
        return nodes.add(
                "Slice",
                run,
                constants.longs(0),
                constants.longs(geometry.length()),
                constants.longs(1));
    }
}

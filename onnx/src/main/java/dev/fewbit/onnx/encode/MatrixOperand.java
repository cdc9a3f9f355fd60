package dev.fewbit.onnx.encode;

import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A stored weight as the right operand of a matrix product.
 *
 * @param codes {@code [K, N]}
 * @param scale {@code []}, {@code [N]} or {@code [blocks, N]}
 * @param zeroPoint in the shape of {@code scale}; null for 0
 */
record MatrixOperand(Value codes, Value scale, @Nullable Value zeroPoint) {

    /**
     * The operand with codes that have been unpacked, or looked up in tables, by a {@link
     * CodeReader}. Stored as a matrix, all is the right way round already; stored in rows it is
     * turned over for a reader of the transpose. The runtime does all that when it loads.
     */
    static MatrixOperand of(
            StoredWeight weight,
            WeightUse use,
            Value codes,
            SharedConstants constants,
            NodeInserter nodes) {
        Value scale = Objects.requireNonNull(weight.scale(nodes));
        Value zeroPoint = weight.zeroPoint();
        return switch (weight.storage()) {
            case MATRIX, KERNEL -> new MatrixOperand(codes, scale, zeroPoint);
            case ROWS ->
                    new MatrixOperand(
                            use.transposed() ? turnOver(codes, nodes) : codes,
                            parameters(weight, use, scale, constants, nodes),
                            zeroPoint == null
                                    ? null
                                    : parameters(weight, use, zeroPoint, constants, nodes));
        };
    }

    private static Value parameters(
            StoredWeight weight,
            WeightUse use,
            Value perGroup,
            SharedConstants constants,
            NodeInserter nodes) {
        return switch (weight.grouping().kind()) {
            case TENSOR -> perGroup;
            case CHANNEL -> nodes.add("Reshape", perGroup, constants.longs(-1));
            case BLOCK -> {
                GroupGeometry geometry = weight.geometry();
                yield use.transposed()
                        ? turnOver(
                                nodes.add(
                                        "Reshape",
                                        perGroup,
                                        constants.longs(geometry.outer(), geometry.groupsPerRun())),
                                nodes)
                        : nodes.add("Reshape", perGroup, constants.longs(-1, geometry.inner()));
            }
        };
    }

    static Value turnOver(Value matrix, NodeInserter nodes) {
        // The runtime (1.30) aborts on a Transpose without perm between DequantizeLinear and
        // MatMul, so it is always written.
        return nodes.add("Transpose", node -> node.setAttribute("perm", new long[] {1, 0}), matrix);
    }
}

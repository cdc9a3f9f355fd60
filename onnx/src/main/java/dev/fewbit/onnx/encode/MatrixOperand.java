package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import org.jspecify.annotations.Nullable;

/**
 * A stored weight as the right operand of a matrix product.
 *
 * @param codes {@code [K, N]}
 * @param scale {@code []}, {@code [N]} or {@code [blocks, N]}
 * @param zeroPoint in the shape of {@code scale}; null for 0
 */
record MatrixOperand(Value codes, Value scale, @Nullable Value zeroPoint) {

    /**
     * Stored as a matrix, it is there already. Stored in rows, the rows are unpacked and, for a
     * reader of the transpose, turned over: {@code codes -> (BitShift, Concat) -> (Transpose)},
     * {@code scale -> Transpose or Reshape}, all of which the runtime does when it loads.
     */
    static MatrixOperand of(
            StoredWeight weight, WeightUse use, SharedConstants constants, NodeInserter nodes) {
        return switch (weight.storage()) {
            case MATRIX, KERNEL ->
                    new MatrixOperand(weight.codes(), weight.scale(), weight.zeroPoint());
            case ROWS -> {
                Value zeroPoint = weight.zeroPoint();
                Value codes = rows(weight, constants, nodes);
                yield new MatrixOperand(
                        use.transposed() ? turnOver(codes, nodes) : codes,
                        parameters(weight, use, weight.scale(), constants, nodes),
                        zeroPoint == null
                                ? null
                                : parameters(weight, use, zeroPoint, constants, nodes));
            }
        };
    }

    private static Value rows(StoredWeight weight, SharedConstants constants, NodeInserter nodes) {
        if (!weight.isPacked()) {
            return weight.codes();
        }
        Value codes =
                RowPlanes.unpack(
                        nodes,
                        constants,
                        weight.codes(),
                        weight.rowWidth(),
                        weight.format().bits());
        return nodes.add("Reshape", codes, constants.longs(weight.site().tensor().shape()));
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
            case BLOCK ->
                    use.transposed()
                            ? turnOver(perGroup, nodes)
                            : nodes.add(
                                    "Reshape",
                                    perGroup,
                                    constants.longs(-1, weight.geometry().inner()));
        };
    }

    static Value turnOver(Value matrix, NodeInserter nodes) {
        // The runtime (1.30) aborts on a Transpose without perm between DequantizeLinear and
        // MatMul, so it is always written.
        return nodes.add("Transpose", node -> node.setAttribute("perm", new long[] {1, 0}), matrix);
    }
}

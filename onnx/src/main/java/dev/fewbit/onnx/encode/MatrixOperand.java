package dev.fewbit.onnx.encode;

import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
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
     * Codes that are packed in planes are unpacked. Stored as a matrix, all is the right way round
     * already; stored in rows it is turned over for a reader of the transpose. The runtime does all
     * that when it loads.
     */
    static MatrixOperand of(
            StoredWeight weight, WeightUse use, SharedConstants constants, NodeInserter nodes) {
        Value codes = codes(weight, constants, nodes);
        Value scale = weight.scale(nodes);
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

    private static Value codes(StoredWeight weight, SharedConstants constants, NodeInserter nodes) {
        if (weight.layout().packing() != Packing.PLANES) {
            return weight.codes();
        }
        ElementType type = weight.layout().operandType(weight.format());
        return weight.format().symmetric()
                ? weight.signedCodes(nodes, constants, type)
                : nodes.cast(weight.codesAsFloats(nodes, constants, weight.operandShape()), type);
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

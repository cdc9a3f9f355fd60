package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Value;

/** Codes that are numbers already; unpacked from planes they count from 0. */
record AffineReader(
        StoredWeight weight, Affine format, NodeInserter nodes, SharedConstants constants)
        implements CodeReader {

    @Override
    public Value floats(long... shape) {
        return weight.unpacked(nodes, constants, ElementType.FLOAT, shape);
    }

    @Override
    public float middle() {
        return weight.layout().packing() == Packing.PLANES
                ? format.middle() - format.qmin()
                : format.middle();
    }

    @Override
    public Value integers(ElementType type) {
        return switch (weight.layout().packing()) {
            case BYTES -> weight.codes();
            case NATIVE ->
                    weight.layout().codeType() == type
                            ? weight.codes()
                            : nodes.cast(weight.codes(), type);
            case PLANES ->
                    nodes.cast(
                            nodes.add(
                                    "Sub",
                                    floats(weight.operandShape()),
                                    constants.number(middle())),
                            type);
        };
    }

    @Override
    public Value operand() {
        if (weight.layout().packing() != Packing.PLANES) {
            return weight.codes();
        }
        ElementType type = weight.layout().operandType();
        return format.symmetric()
                ? integers(type)
                : nodes.cast(floats(weight.operandShape()), type);
    }
}

package dev.fewbit.onnx.encode;

import dev.fewbit.core.pack.BitPlanes;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Value;

import java.util.function.LongFunction;

/**
 * Unpacks {@link CodePlanes} into codes counted from 0, as floats or int32, which all the operators
 * that follow take:
 *
 * <pre>
 * [..., 1, bytes] uint8
 *   -> (Slice for each plane) -> BitShift left by [p, 1] -> BitShift right (-> BitShift left)
 *   -> Reshape (-> Slice off the padding) -> Cast (-> Add)
 * </pre>
 *
 * <p>Of constants the runtime computes all that when it loads the model, before it looks for groups
 * that make an integer kernel.
 */
final class PlaneNodes {
    private PlaneNodes() {}

    /**
     * All rows of a stored weight.
     *
     * @param packed {@code [rows, 1, bytes]}
     * @param type FLOAT or INT32
     * @param shape the shape to give to the codes
     */
    static Value unpackAll(
            NodeInserter nodes,
            SharedConstants constants,
            Value packed,
            CodePlanes planes,
            ElementType type,
            long... shape) {
        if (!planes.isPadded()) {
            return unpack(nodes, constants, packed, planes, type, _ -> constants.longs(shape));
        }
        Value codes =
                unpack(
                        nodes,
                        constants,
                        packed,
                        planes,
                        type,
                        width -> constants.longs(planes.rows(), width));
        return nodes.add("Reshape", codes, constants.longs(shape));
    }

    /**
     * Rows that were looked up.
     *
     * @param packed {@code [..., 1, bytes]}
     * @param type FLOAT or INT32
     * @param shape the shape for rows of so many codes, padding included; padding is cut off
     *     afterwards from the last axis
     */
    static Value unpack(
            NodeInserter nodes,
            SharedConstants constants,
            Value packed,
            CodePlanes planes,
            ElementType type,
            LongFunction<Value> shape) {
        long first = 0;
        Value sum = null;
        for (BitPlanes.Plane plane : planes.planes()) {
            long end = first + plane.rowBytes(planes.width());
            Value bytes = packed;
            if (end - first < planes.rowBytes()) {
                bytes =
                        nodes.add(
                                "Slice",
                                packed,
                                constants.longs(first),
                                constants.longs(end),
                                constants.longs(-1));
            }
            Value part = codes(nodes, constants, bytes, plane, planes.width(), shape);
            part = nodes.cast(part, type);
            sum = sum == null ? part : nodes.add("Add", sum, part);
            first = end;
        }
        if (sum == null) {
            throw new IllegalArgumentException("no planes hold " + planes);
        }
        return sum;
    }

    private static Value codes(
            NodeInserter nodes,
            SharedConstants constants,
            Value bytes,
            BitPlanes.Plane plane,
            long width,
            LongFunction<Value> shape) {
        Value codes = shift(nodes, bytes, "LEFT", constants.shifts(plane.bits()));
        codes = shift(nodes, codes, "RIGHT", constants.unsignedByte(Byte.SIZE - plane.bits()));
        if (plane.shift() > 0) {
            codes = shift(nodes, codes, "LEFT", constants.unsignedByte(plane.shift()));
        }
        long padded = plane.rowBytes(width) * plane.codesPerByte();
        codes = nodes.add("Reshape", codes, shape.apply(padded));
        if (padded != width) {
            codes = withoutPadding(nodes, constants, codes, width);
        }
        return codes;
    }

    /** The first codes of every row. */
    static Value withoutPadding(
            NodeInserter nodes, SharedConstants constants, Value padded, long width) {
        return nodes.add(
                "Slice", padded, constants.longs(0), constants.longs(width), constants.longs(-1));
    }

    private static Value shift(NodeInserter nodes, Value bytes, String direction, Value by) {
        return nodes.add("BitShift", node -> node.setAttribute("direction", direction), bytes, by);
    }
}

package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The shapes of operators that move, cut, join or repeat data. */
final class MovementShapes {
    private MovementShapes() {}

    static long @Nullable [] infer(
            Node node, int index, long @Nullable [] data, ValueShapes values) {
        Extent.Symbols symbols = values.symbols();
        return switch (node.opType()) {
            case "Reshape" -> reshaped(node, data, values);
            case "ConstantOfShape" -> target(node.input(0), values);
            case "Expand" -> expanded(data, target(node.input(1), values), symbols);
            case "Concat" -> joined(node, data, values);
            case "Split" -> split(node, index, data, values);
            case "Slice" -> sliced(node, data, values);
            case "Tile" -> tiled(data, values.integers(node.input(1)), symbols);
            case "Pad" -> padded(node, data, values);
            case "TopK" -> topped(node, data, values);
            case "DepthToSpace" -> blocks(node, data, -1, symbols);
            case "SpaceToDepth" -> blocks(node, data, 1, symbols);
            case "Resize", "Upsample" -> resized(node, data, values);
            default -> null;
        };
    }

    /** The shape that a shape tensor asks for; sizes that are not known to be sizes are open. */
    private static long @Nullable [] target(@Nullable Value tensor, ValueShapes values) {
        long[] elements = values.elements(tensor);
        if (elements != null) {
            long[] result = elements.clone();
            for (int axis = 0; axis < result.length; axis++) {
                result[axis] = Extent.isSize(result[axis]) ? result[axis] : values.symbols().size();
            }
            return result;
        }
        long[] length = values.sizes(tensor);
        boolean vector = length != null && length.length == 1 && length[0] <= 64;
        return length == null || !vector ? null : values.symbols().sizes((int) length[0]);
    }

    private static long @Nullable [] expanded(
            long @Nullable [] data, long @Nullable [] target, Extent.Symbols symbols) {
        return data == null || target == null
                ? null
                : ShapeInference.broadcast(data, target, symbols);
    }

    private static long @Nullable [] reshaped(
            Node node, long @Nullable [] data, ValueShapes values) {
        long[] wanted = values.elements(node.input(1));
        if (wanted == null) {
            return target(node.input(1), values);
        }
        boolean copies = node.intAttribute("allowzero", 0) == 0;
        long[] result = values.symbols().sizes(wanted.length);
        int open = -1;
        for (int axis = 0; axis < wanted.length; axis++) {
            if (wanted[axis] == 0 && copies) {
                if (data != null && axis < data.length) {
                    result[axis] = data[axis];
                }
            } else if (wanted[axis] == -1) {
                open = axis;
            } else if (Extent.isSize(wanted[axis])) {
                result[axis] = wanted[axis];
            }
        }
        if (open >= 0 && data != null) {
            result[open] = remaining(data, result, open);
        }
        return result;
    }

    /** What is left for the open axis when all others, symbols included, cancel out. */
    private static long remaining(long[] data, long[] result, int open) {
        long have = 1;
        long taken = 1;
        long[] symbolsLeft = Arrays.stream(data).filter(size -> !Extent.isKnown(size)).toArray();
        int left = symbolsLeft.length;
        for (long size : data) {
            have = Extent.isKnown(size) ? saturated(have, size) : have;
        }
        for (int axis = 0; axis < result.length; axis++) {
            if (axis == open) {
                continue;
            }
            if (Extent.isKnown(result[axis])) {
                taken = saturated(taken, result[axis]);
                continue;
            }
            boolean found = false;
            for (int i = 0; i < left && !found; i++) {
                if (symbolsLeft[i] == result[axis]) {
                    symbolsLeft[i] = symbolsLeft[--left];
                    found = true;
                }
            }
            if (!found) {
                return result[open];
            }
        }
        boolean divides = taken > 0 && have > 0 && have % taken == 0 && have < 1L << 50;
        if (!divides || left > 1 || (left == 1 && have != taken)) {
            return result[open];
        }
        return left == 1 ? symbolsLeft[0] : have / taken;
    }

    private static long saturated(long left, long right) {
        return right != 0 && left > (1L << 50) / right ? 1L << 50 : left * right;
    }

    private static long @Nullable [] joined(Node node, long @Nullable [] data, ValueShapes values) {
        if (data == null || data.length == 0) {
            return null;
        }
        int axis = (int) Math.floorMod(node.intAttribute("axis", 1), (long) data.length);
        long[] result = data.clone();
        long sum = 0;
        for (Value input : node.inputs()) {
            long[] part = values.shape(input);
            if (part == null || part.length != data.length) {
                return values.symbols().sizes(data.length);
            }
            sum = sum >= 0 && Extent.isKnown(part[axis]) ? sum + part[axis] : -1;
            for (int other = 0; other < result.length; other++) {
                result[other] = Extent.isKnown(part[other]) ? part[other] : result[other];
            }
        }
        result[axis] =
                node.inputs().size() == 1 ? data[axis] : sum >= 0 ? sum : values.symbols().size();
        return result;
    }

    private static long @Nullable [] split(
            Node node, int index, long @Nullable [] data, ValueShapes values) {
        if (data == null || data.length == 0) {
            return null;
        }
        int axis = (int) Math.floorMod(node.intAttribute("axis", 0), (long) data.length);
        long[] parts = node.intsAttribute("split");
        if (parts == null && node.input(1) != null) {
            parts = values.integers(node.input(1));
            if (parts == null) {
                parts = new long[0];
            }
        }
        long[] result = data.clone();
        if (parts != null) {
            result[axis] = index < parts.length ? parts[index] : values.symbols().size();
        } else if (Extent.isKnown(data[axis])) {
            long count = node.outputs().size();
            long part = Math.ceilDiv(data[axis], count);
            result[axis] = Math.clamp(data[axis] - index * part, 0, part);
        } else {
            result[axis] = values.symbols().size();
        }
        return result;
    }

    private static long @Nullable [] sliced(Node node, long @Nullable [] data, ValueShapes values) {
        if (data == null) {
            return null;
        }
        SliceBounds bounds = SliceBounds.of(node, values);
        return bounds == null
                ? values.symbols().sizes(data.length)
                : bounds.cut(data, values.symbols());
    }

    private static long @Nullable [] tiled(
            long @Nullable [] data, long @Nullable [] repeats, Extent.Symbols symbols) {
        if (data == null) {
            return null;
        }
        long[] result = symbols.sizes(data.length);
        for (int axis = 0;
                repeats != null && axis < Math.min(data.length, repeats.length);
                axis++) {
            if (repeats[axis] == 1) {
                result[axis] = data[axis];
            } else if (Extent.isKnown(data[axis]) && repeats[axis] >= 0) {
                result[axis] = data[axis] * repeats[axis];
            }
        }
        return result;
    }

    private static long @Nullable [] padded(Node node, long @Nullable [] data, ValueShapes values) {
        if (data == null) {
            return null;
        }
        long[] pads =
                node.attribute("pads") != null
                        ? node.intsAttribute("pads")
                        : values.integers(node.input(1));
        long[] result = values.symbols().sizes(data.length);
        if (pads == null || pads.length != 2 * data.length || node.input(3) != null) {
            return result;
        }
        for (int axis = 0; axis < data.length; axis++) {
            long added = pads[axis] + pads[axis + data.length];
            if (added == 0) {
                result[axis] = data[axis];
            } else if (Extent.isKnown(data[axis]) && data[axis] + added >= 0) {
                result[axis] = data[axis] + added;
            }
        }
        return result;
    }

    private static long @Nullable [] topped(Node node, long @Nullable [] data, ValueShapes values) {
        if (data == null || data.length == 0) {
            return null;
        }
        long[] result = data.clone();
        int axis = (int) Math.floorMod(node.intAttribute("axis", -1), (long) data.length);
        long[] count = values.integers(node.input(1));
        result[axis] =
                count != null && count.length == 1
                        ? count[0]
                        : node.intAttribute("k", values.symbols().size());
        return result;
    }

    private static long @Nullable [] blocks(
            Node node, long @Nullable [] data, int direction, Extent.Symbols symbols) {
        if (data == null || data.length != 4) {
            return null;
        }
        long block = Math.clamp(node.intAttribute("blocksize", 1), 1, 1 << 20);
        long[] result = symbols.sizes(4);
        result[0] = data[0];
        for (int axis = 1; axis < 4; axis++) {
            boolean grows = (axis == 1) == (direction > 0);
            long factor = axis == 1 ? block * block : block;
            if (Extent.isKnown(data[axis])) {
                result[axis] = grows ? data[axis] * factor : data[axis] / factor;
            }
        }
        return result;
    }

    private static long @Nullable [] resized(
            Node node, long @Nullable [] data, ValueShapes values) {
        if (data == null) {
            return null;
        }
        long[] result = values.symbols().sizes(data.length);
        long[] sizes = values.elements(node.input(3));
        boolean whole =
                node.attribute("axes") == null
                        && !node.stringAttribute("coordinate_transformation_mode", "")
                                .equals("tf_crop_and_resize")
                        && node.stringAttribute("keep_aspect_ratio_policy", "stretch")
                                .equals("stretch");
        if (sizes != null && sizes.length == data.length && whole) {
            for (int axis = 0; axis < data.length; axis++) {
                result[axis] = Extent.isSize(sizes[axis]) ? sizes[axis] : result[axis];
            }
            return result;
        }
        float[] scales = values.numbers(node.input(node.is("Upsample") ? 1 : 2));
        if (node.attribute("scales") != null) {
            scales = node.floatsAttribute("scales");
        }
        if (scales == null || scales.length != data.length || !whole || node.input(3) != null) {
            return result;
        }
        for (int axis = 0; axis < data.length; axis++) {
            if (scales[axis] == 1) {
                result[axis] = data[axis];
            } else if (Extent.isKnown(data[axis]) && scales[axis] > 0) {
                result[axis] = (long) Math.floor(data[axis] * (double) scales[axis]);
            }
        }
        return result;
    }
}

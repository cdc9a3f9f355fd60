package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * One quantized weight as it lies in the file: stored once, whatever the number of nodes that read
 * it.
 *
 * @param site the float weight
 * @param plan what was decided for it
 * @param layout in which order and how densely the codes lie
 * @param codes the codes
 * @param storedScale one number for every group; see {@link Storage} for its shape
 * @param scaleBase what scales that are uint8 are multiplied by; null when they are floats
 * @param zeroPoint one code for every group, in the shape of the scales; null when all are {@link
 *     Affine#middle}
 */
record StoredWeight(
        WeightSite site,
        WeightPlan plan,
        WeightLayout layout,
        Value codes,
        Value storedScale,
        @Nullable Value scaleBase,
        @Nullable Value zeroPoint) {

    Affine format() {
        return plan.affine();
    }

    Grouping grouping() {
        return plan.grouping();
    }

    Storage storage() {
        return layout.storage();
    }

    GroupGeometry geometry() {
        return site.geometry(grouping());
    }

    /**
     * The scales as floats: {@code scale}, or {@code Mul(Cast(scale), base)}, which the runtime
     * computes when it loads the model, before it looks for groups that make a kernel.
     */
    Value scale(NodeInserter nodes) {
        return scaleBase == null
                ? storedScale
                : nodes.add("Mul", nodes.cast(storedScale, ElementType.FLOAT), scaleBase);
    }

    /**
     * Codes as floats: as they are, or counted from 0 if they are unpacked from planes. The
     * difference to the zero points is what counts.
     *
     * @param shape shape to give to the codes
     */
    Value codesAsFloats(NodeInserter nodes, SharedConstants constants, long... shape) {
        CodePlanes planes = layout.planes();
        if (planes != null) {
            return PlaneNodes.unpackAll(nodes, constants, codes, planes, shape);
        }
        Value shaped =
                Arrays.equals(shape, layout.codes())
                        ? codes
                        : nodes.add("Reshape", codes, constants.longs(shape));
        return nodes.cast(shaped, ElementType.FLOAT);
    }

    /**
     * What {@link #codesAsFloats} counts from in the place of {@link Affine#middle}, if symmetric.
     */
    float middle() {
        return layout.packing() == Packing.PLANES
                ? format().middle() - format().qmin()
                : format().middle();
    }

    /**
     * Codes of a symmetric format with zero in the middle, in the shape of the weight, or {@code
     * [K, N]} if they are stored as a matrix.
     *
     * @param type a signed type that is wide enough
     */
    Value signedCodes(NodeInserter nodes, SharedConstants constants, ElementType type) {
        return switch (layout.packing()) {
            case BYTES -> codes;
            case NATIVE -> layout.codeType() == type ? codes : nodes.cast(codes, type);
            case PLANES ->
                    nodes.cast(
                            nodes.add(
                                    "Sub",
                                    codesAsFloats(nodes, constants, operandShape()),
                                    constants.number(middle())),
                            type);
        };
    }

    /** Shape of the codes for a reader that takes them as stored. */
    long[] operandShape() {
        long[] shape = site.tensor().shape();
        boolean turned = storage() == Storage.MATRIX && site.leadingUse().transposed();
        return turned ? new long[] {shape[1], shape[0]} : shape;
    }

    /**
     * Codes between two places at which pieces of a weight, as they are quantized, may begin; in
     * the order in which they are stored.
     */
    static long rowWidth(WeightSite site, WeightPlan plan, Storage storage) {
        GroupGeometry geometry = site.geometry(plan.grouping());
        boolean turned = storage == Storage.MATRIX && site.leadingUse().transposed();
        if (turned) {
            return site.tensor().dimension(0);
        }
        return switch (plan.grouping().kind()) {
            case TENSOR -> site.tensor().dimension(site.tensor().rank() - 1);
            case CHANNEL, BLOCK -> geometry.inner() > 1 ? geometry.inner() : geometry.length();
        };
    }
}

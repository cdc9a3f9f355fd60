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
 * @param storedScale one number for every group; see {@link Storage} for its shape; null when the
 *     levels are the values
 * @param scaleBase what scales that are uint8 are multiplied by; null when they are floats
 * @param zeroPoint one code for every group, in the shape of the scales; null when all are {@link
 *     Affine#middle}
 * @param tables learned levels, one table behind the other; null if there are none
 */
record StoredWeight(
        WeightSite site,
        WeightPlan plan,
        WeightLayout layout,
        Value codes,
        @Nullable Value storedScale,
        @Nullable Value scaleBase,
        @Nullable Value zeroPoint,
        @Nullable Value tables) {

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
     * The scales as floats, if there are scales: {@code scale}, or {@code Mul(Cast(scale), base)},
     * which the runtime computes when it loads the model, before it looks for groups that make a
     * kernel.
     */
    @Nullable Value scale(NodeInserter nodes) {
        return scaleBase == null || storedScale == null
                ? storedScale
                : nodes.add("Mul", nodes.cast(storedScale, ElementType.FLOAT), scaleBase);
    }

    /** Makes numbers of the codes. */
    CodeReader reader(NodeInserter nodes, SharedConstants constants) {
        LevelLayout levels = layout.levels();
        return levels == null
                ? new AffineReader(this, plan.affine(), nodes, constants)
                : new LevelReader(this, levels, nodes, constants);
    }

    /**
     * Codes one by one: as they are, or counted from 0 if they are unpacked from planes.
     *
     * @param type type to give to them: FLOAT or INT32
     * @param shape shape to give to them
     */
    Value unpacked(NodeInserter nodes, SharedConstants constants, ElementType type, long... shape) {
        CodePlanes planes = layout.planes();
        if (planes != null) {
            return PlaneNodes.unpackAll(nodes, constants, codes, planes, type, shape);
        }
        if (Arrays.equals(shape, layout.codes())) {
            return nodes.cast(codes, type);
        }
        Value shapeValue = constants.longs(shape);
        // Types narrower than a byte cannot be reshaped everywhere.
        return layout.codeType().bits() < Byte.SIZE
                ? nodes.add("Reshape", nodes.cast(codes, type), shapeValue)
                : nodes.cast(nodes.add("Reshape", codes, shapeValue), type);
    }

    /** Shape of the codes for a reader that takes them as stored. */
    long[] operandShape() {
        long[] shape = site.tensor().shape();
        return isTurnedOver() ? new long[] {shape[1], shape[0]} : shape;
    }

    /** Whether the codes are stored the other way round than the float weight. */
    boolean isTurnedOver() {
        return storage() == Storage.MATRIX && site.leadingUse().transposed();
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

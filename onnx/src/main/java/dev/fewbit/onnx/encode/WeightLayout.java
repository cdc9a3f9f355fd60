package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

/** Types and shapes of the tensors that take a weight's place. */
final class WeightLayout {
    private final Storage storage;
    private final Packing packing;
    private final @Nullable CodePlanes planes;
    private final ElementType codeType;
    private final long[] codes;
    private final long[] parameters;
    private final long @Nullable [] bases;
    private final @Nullable ElementType zeroPointType;
    private final int codeOffset;
    private final ElementType operandType;
    private final @Nullable LevelLayout levels;

    private WeightLayout(
            WeightSite site, WeightPlan plan, Storage storage, Packing packing, int highestOpset) {
        LevelLayout ofLevels = LevelLayout.of(site, plan);
        int bits = plan.format().bits();
        boolean signed = plan.format() instanceof Affine affine && affine.signed();
        boolean zeroPoints = plan.format() instanceof Affine affine && !affine.symmetric();
        Grouping grouping = plan.grouping();
        this.storage = storage;
        this.packing = packing;
        this.levels = ofLevels;
        boolean narrow = ofLevels == null ? bits <= 4 : ofLevels.fitsFourBits();
        int operandBits = storage == Storage.MATRIX && narrow && highestOpset >= 21 ? 4 : 8;
        if (packing == Packing.PLANES) {
            this.planes = CodePlanes.of(site, plan, storage);
            this.codeType = ElementType.UINT8;
            this.codes = new long[] {planes.rows(), 1, planes.rowBytes()};
            this.zeroPointType = zeroPoints ? type(false, operandBits) : null;
            this.codeOffset = plan.format() instanceof Affine affine ? -affine.qmin() : 0;
        } else {
            int storedBits =
                    packing == Packing.BYTES
                            ? 8
                            : Packing.nativeBits(site, plan, storage, highestOpset);
            this.planes = null;
            this.codeType = type(signed, storedBits);
            this.codes = storage == Storage.MATRIX ? matrixShape(site) : site.tensor().shape();
            this.zeroPointType = zeroPoints ? codeType : null;
            this.codeOffset = 0;
        }
        boolean unpacked = packing == Packing.PLANES || ofLevels != null;
        this.operandType = unpacked ? type(!zeroPoints, operandBits) : codeType;
        this.parameters =
                switch (storage) {
                    case MATRIX -> matrixParameters(site, grouping);
                    case KERNEL ->
                            grouping.equals(Grouping.TENSOR)
                                    ? new long[0]
                                    : new long[] {site.tensor().dimension(0)};
                    case ROWS -> rowParameters(site, grouping);
                };
        this.bases = grouping.hasTwoLevels() ? bases(storage, parameters) : null;
    }

    /**
     * The layout of a weight.
     *
     * @param highestOpset opset that the model can be raised to
     */
    static WeightLayout of(WeightSite site, WeightPlan plan, int highestOpset) {
        Storage storage = Storage.of(plan, site);
        return new WeightLayout(
                site, plan, storage, Packing.of(site, plan, storage, highestOpset), highestOpset);
    }

    /** Order of the codes. */
    Storage storage() {
        return storage;
    }

    /** Density of the codes. */
    Packing packing() {
        return packing;
    }

    /** How codes lie in {@link Packing#PLANES}; null otherwise. */
    @Nullable CodePlanes planes() {
        return planes;
    }

    /** Element type of the stored codes. */
    ElementType codeType() {
        return codeType;
    }

    /** Shape of the stored codes. */
    long[] codes() {
        return codes.clone();
    }

    /** Shape of the scales, and of the zero points. */
    long[] parameters() {
        return parameters.clone();
    }

    /**
     * Shape of the floats by which scales are multiplied, broadcast to them; null when scales are
     * floats themselves.
     */
    long @Nullable [] bases() {
        return bases == null ? null : bases.clone();
    }

    /** Element type of the zero points; null when all are {@link Affine#middle}. */
    @Nullable ElementType zeroPointType() {
        return zeroPointType;
    }

    /**
     * What is added to codes and zero points before they are stored: unpacked planes count from 0.
     */
    int codeOffset() {
        return codeOffset;
    }

    /** The tables of the levels; null if there are none. */
    @Nullable LevelLayout levels() {
        return levels;
    }

    /** Number of scales. */
    long scales() {
        return levels == null || levels.hasScales() ? Tensor.elementCount(parameters) : 0;
    }

    /**
     * Element type in which a DequantizeLinear reads the codes, once unpacked or looked up. 3 bits
     * and fewer become 4: a matrix kernel for 3 there is not, and that for 2 is slow with most
     * groups.
     */
    ElementType operandType() {
        return operandType;
    }

    /** Opset of the operators that make codes of a byte or more of those in the file. */
    int minimumOpset() {
        boolean computed =
                packing == Packing.PLANES || (levels != null && levels.hasSeveralTables());
        int forType = codeType.bits() == 8 ? 1 : minimumOpset(codeType);
        return Math.max(forType, computed ? 11 : 1);
    }

    /** Opset of the first operators that read codes of this type. */
    static int minimumOpset(ElementType type) {
        return switch (type.bits()) {
            case 4 -> 21;
            case 2 -> 25;
            default -> 10;
        };
    }

    /** Bytes of codes, scales, zero points and learned levels. */
    long bytes() {
        long groups = scales();
        long scales =
                bases == null
                        ? groups * Float.BYTES
                        : groups + Tensor.elementCount(bases) * Float.BYTES;
        long zeroPoints = zeroPointType == null ? 0 : zeroPointType.byteSize(groups);
        return codeType.byteSize(Tensor.elementCount(codes))
                + scales
                + zeroPoints
                + (levels == null ? 0 : levels.bytes());
    }

    private static ElementType type(boolean signed, int bits) {
        return switch (bits) {
            case 2 -> signed ? ElementType.INT2 : ElementType.UINT2;
            case 4 -> signed ? ElementType.INT4 : ElementType.UINT4;
            case 8 -> signed ? ElementType.INT8 : ElementType.UINT8;
            default -> throw new IllegalArgumentException("no element type has " + bits + " bits");
        };
    }

    private static long[] matrixShape(WeightSite site) {
        long[] shape = site.tensor().shape();
        return site.leadingUse().transposed() ? new long[] {shape[1], shape[0]} : shape;
    }

    private static long[] matrixParameters(WeightSite site, Grouping grouping) {
        long[] matrix = matrixShape(site);
        return switch (grouping.kind()) {
            case TENSOR -> new long[0];
            case CHANNEL -> new long[] {matrix[1]};
            case BLOCK -> new long[] {Math.ceilDiv(matrix[0], grouping.size()), matrix[1]};
        };
    }

    private static long[] rowParameters(WeightSite site, Grouping grouping) {
        GroupGeometry geometry = site.geometry(grouping);
        long blocks = geometry.groupsPerRun();
        return switch (grouping.kind()) {
            case TENSOR -> new long[0];
            case CHANNEL -> site.channelScaleShape();
            case BLOCK -> new long[] {geometry.outer(), blocks, geometry.inner()};
        };
    }

    private static long[] bases(Storage storage, long[] scales) {
        long[] bases = scales.clone();
        bases[storage == Storage.MATRIX ? 0 : 1] = 1;
        return bases;
    }
}

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
    private final int zeroPointOffset;
    private final int operandBits;

    private WeightLayout(
            WeightSite site, WeightPlan plan, Storage storage, Packing packing, int highestOpset) {
        Affine format = plan.affine();
        Grouping grouping = plan.grouping();
        this.storage = storage;
        this.packing = packing;
        this.operandBits =
                storage == Storage.MATRIX && format.bits() <= 4 && highestOpset >= 21 ? 4 : 8;
        if (packing == Packing.PLANES) {
            this.planes = CodePlanes.of(site, plan, storage);
            this.codeType = ElementType.UINT8;
            this.codes = new long[] {planes.rows(), 1, planes.rowBytes()};
            this.zeroPointType = format.symmetric() ? null : type(false, operandBits);
            this.zeroPointOffset = -format.qmin();
        } else {
            int bits =
                    packing == Packing.BYTES
                            ? 8
                            : Packing.nativeBits(site, plan, storage, highestOpset);
            this.planes = null;
            this.codeType = type(format.signed(), bits);
            this.codes = storage == Storage.MATRIX ? matrixShape(site) : site.tensor().shape();
            this.zeroPointType = format.symmetric() ? null : codeType;
            this.zeroPointOffset = 0;
        }
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

    /** What is added to zero points before they are stored: unpacked planes count from 0. */
    int zeroPointOffset() {
        return zeroPointOffset;
    }

    /**
     * Element type in which a DequantizeLinear reads the codes, once unpacked. 3 bits and fewer
     * become 4: a matrix kernel for 3 there is not, and that for 2 is slow with most groups.
     */
    ElementType operandType(Affine format) {
        return packing == Packing.PLANES ? type(format.symmetric(), operandBits) : codeType;
    }

    /** Bytes of codes, scales and zero points. */
    long bytes() {
        long groups = Tensor.elementCount(parameters);
        long scales =
                bases == null
                        ? groups * Float.BYTES
                        : groups + Tensor.elementCount(bases) * Float.BYTES;
        long zeroPoints = zeroPointType == null ? 0 : zeroPointType.byteSize(groups);
        return codeType.byteSize(Tensor.elementCount(codes)) + scales + zeroPoints;
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

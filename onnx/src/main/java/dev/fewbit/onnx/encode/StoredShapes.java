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
final class StoredShapes {
    private final ElementType codeType;
    private final long[] codes;
    private final long[] parameters;
    private final @Nullable ElementType zeroPointType;

    private StoredShapes(
            ElementType codeType,
            long[] codes,
            long[] parameters,
            @Nullable ElementType zeroPointType) {
        this.codeType = codeType;
        this.codes = codes;
        this.parameters = parameters;
        this.zeroPointType = zeroPointType;
    }

    /** Element type of the codes. */
    ElementType codeType() {
        return codeType;
    }

    /** Shape of the codes. */
    long[] codes() {
        return codes.clone();
    }

    /** Shape of the scales, and of the zero points. */
    long[] parameters() {
        return parameters.clone();
    }

    /** Element type of the zero points; null when there are none. */
    @Nullable ElementType zeroPointType() {
        return zeroPointType;
    }

    static StoredShapes of(WeightSite site, WeightPlan plan, Storage storage) {
        Affine format = plan.format();
        int bits = Storage.codeBits(plan);
        return switch (storage) {
            case MATRIX -> {
                ElementType type = codeType(format, bits);
                yield new StoredShapes(
                        type,
                        matrixShape(site),
                        matrixParameters(site, plan.grouping()),
                        format.symmetric() ? null : type);
            }
            case KERNEL ->
                    new StoredShapes(
                            ElementType.INT8,
                            site.tensor().shape(),
                            plan.grouping().equals(Grouping.TENSOR)
                                    ? new long[0]
                                    : new long[] {site.tensor().dimension(0)},
                            null);
            case ROWS -> {
                ElementType type =
                        bits == 8 && format.signed() ? ElementType.INT8 : ElementType.UINT8;
                boolean zeroPoints = bits < 8 || !format.symmetric();
                yield new StoredShapes(
                        type,
                        rowShape(site, plan),
                        rowParameters(site, plan.grouping()),
                        zeroPoints ? type : null);
            }
        };
    }

    /** Bytes of codes, scales and zero points. */
    long bytes() {
        long groups = Tensor.elementCount(parameters);
        long zeroPoints = zeroPointType == null ? 0 : zeroPointType.byteSize(groups);
        return codeType.byteSize(Tensor.elementCount(codes)) + groups * Float.BYTES + zeroPoints;
    }

    private static ElementType codeType(Affine format, int bits) {
        return switch (bits) {
            case 2 -> format.signed() ? ElementType.INT2 : ElementType.UINT2;
            case 4 -> format.signed() ? ElementType.INT4 : ElementType.UINT4;
            case 8 -> format.signed() ? ElementType.INT8 : ElementType.UINT8;
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

    private static long[] rowShape(WeightSite site, WeightPlan plan) {
        int bits = Storage.codeBits(plan);
        if (bits == 8) {
            return site.tensor().shape();
        }
        long width = StoredWeight.rowWidth(site, plan.grouping());
        return new long[] {site.tensor().elementCount() / width, RowPlanes.rowBytes(width, bits)};
    }

    private static long[] rowParameters(WeightSite site, Grouping grouping) {
        GroupGeometry geometry = site.geometry(grouping);
        long blocks = geometry.groupsPerRun();
        return switch (grouping.kind()) {
            case TENSOR -> new long[0];
            case CHANNEL -> site.channelScaleShape();
            case BLOCK ->
                    geometry.inner() == 1
                            ? new long[] {geometry.outer(), blocks}
                            : new long[] {geometry.outer(), blocks, geometry.inner()};
        };
    }
}

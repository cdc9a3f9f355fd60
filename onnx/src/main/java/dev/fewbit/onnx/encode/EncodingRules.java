package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.Optional;

/**
 * Which encoding is possible for which use of a weight. The planner asks before it decides, the
 * encoder before it acts.
 */
public final class EncodingRules {
    /** Smallest block that ONNX Runtime's low-bit matrix kernel takes. */
    public static final int SMALLEST_MATRIX_BLOCK = 16;

    /** Largest block that ONNX Runtime's low-bit matrix kernel takes. */
    public static final int LARGEST_MATRIX_BLOCK = 256;

    private EncodingRules() {}

    /** Why a use cannot have an encoding with this format and these groups; empty if it can. */
    public static Optional<String> obstacle(
            WeightSite site,
            WeightUse use,
            Encoding encoding,
            WeightFormat format,
            Grouping grouping) {
        if (format instanceof Affine affine) {
            if (affine.bits() > 8) {
                return Optional.of("weights are stored with 8 bits or fewer");
            }
            if (affine.symmetric() && !affine.signed()) {
                return Optional.of("symmetric codes are signed; write int" + affine.bits());
            }
        }
        return switch (encoding) {
            case DYNAMIC_MATMUL -> dynamicMatMul(site, use, format, grouping);
            case DEQUANTIZED_MATMUL ->
                    noIntegers(format).or(() -> dequantizedMatMul(site, use, grouping));
            case INTEGER -> integer(site, use, format, grouping);
            case FOLDED -> Optional.empty();
            case GATHERED_ROWS ->
                    use.role() == WeightRole.TABLE
                            ? Optional.empty()
                            : Optional.of(
                                    "only Gather along the first axis of a matrix looks up rows");
        };
    }

    /** Why codes cannot become integers that a scale multiplies; empty if they can. */
    private static Optional<String> noIntegers(WeightFormat format) {
        return format instanceof LevelFormat levels && !levels.integral()
                ? Optional.of(
                        switch (levels) {
                            case Codebook learned ->
                                    "the levels of %s are floats, and this kernel takes integers; entries may be int8"
                                            .formatted(learned.label());
                            case PowersOfTwo _, MidRise _ ->
                                    "the levels of %s are no integers times a scale, which this kernel takes"
                                            .formatted(levels.label());
                        })
                : Optional.empty();
    }

    private static Optional<String> dynamicMatMul(
            WeightSite site, WeightUse use, WeightFormat format, Grouping grouping) {
        if (format instanceof Affine affine && (affine.bits() != 8 || !affine.symmetric())) {
            return Optional.of("integer kernels take int8 symmetric weights");
        }
        if (noIntegers(format).isPresent()) {
            return noIntegers(format);
        }
        if (grouping.kind() == Grouping.Kind.BLOCK) {
            return Optional.of(
                    "integer kernels take one scale per channel or per tensor, not blocks");
        }
        return matrixProduct(site, use, grouping);
    }

    private static Optional<String> integer(
            WeightSite site, WeightUse use, WeightFormat format, Grouping grouping) {
        if (format instanceof Affine affine && !affine.symmetric()) {
            return Optional.of("integer kernels take symmetric weights");
        }
        if (noIntegers(format).isPresent()) {
            return noIntegers(format);
        }
        if (grouping.kind() == Grouping.Kind.BLOCK) {
            return Optional.of(
                    "integer kernels take one scale per channel or per tensor, not blocks");
        }
        if (site.tensor().elementType() != ElementType.FLOAT) {
            return Optional.of("integer kernels take the place of 32-bit floats");
        }
        boolean convolution = use.role() == WeightRole.CONVOLUTION;
        if (!convolution && !use.isRightOperand()) {
            return Optional.of(
                    "only convolutions and right operands of products have integer kernels");
        }
        if (grouping.kind() == Grouping.Kind.CHANNEL && !sharesAxis(site, use)) {
            return Optional.of(
                    site.tensor().rank() == 2
                            ? "another reader sums over the channels that this one makes"
                            : "a stack of matrices has one scale for all of them");
        }
        if (use.role() == WeightRole.GEMM_RIGHT
                && (use.node().floatAttribute("alpha", 1) != 1
                        || (use.node().floatAttribute("beta", 1) != 1
                                && use.node().input(2) != null))) {
            return Optional.of("this Gemm scales, which the kernel does not");
        }
        return Optional.empty();
    }

    /** Whether the groups of the weight are what this reader makes output channels of. */
    private static boolean sharesAxis(WeightSite site, WeightUse use) {
        if (use.role() == WeightRole.CONVOLUTION) {
            return site.leadingUse().role() == WeightRole.CONVOLUTION;
        }
        long[] scales = site.channelScaleShape();
        int summed = use.transposed() ? 1 : 0;
        return scales.length == 2
                && scales[summed] == 1
                && scales[1 - summed] == site.tensor().dimension(1 - summed);
    }

    private static Optional<String> dequantizedMatMul(
            WeightSite site, WeightUse use, Grouping grouping) {
        int block = grouping.size();
        if (grouping.kind() == Grouping.Kind.BLOCK
                && (Integer.bitCount(block) != 1
                        || block < SMALLEST_MATRIX_BLOCK
                        || block > LARGEST_MATRIX_BLOCK)) {
            return Optional.of("the low-bit matrix kernel takes blocks of 16, 32, 64, 128 or 256");
        }
        return matrixProduct(site, use, grouping);
    }

    private static Optional<String> matrixProduct(
            WeightSite site, WeightUse use, Grouping grouping) {
        if (!use.isRightOperand() || site.tensor().rank() != 2) {
            return Optional.of(
                    "only the right operand of a product with a matrix has such a kernel");
        }
        if (site.leadingUse().role() == WeightRole.TABLE && !use.transposed()) {
            return Optional.of("the rows of the table, which share a scale, are summed over here");
        }
        if (!grouping.equals(Grouping.TENSOR) && !sharesAxis(site, use)) {
            return Optional.of("another reader sums over the channels that this one makes");
        }
        Node node = use.node();
        if (use.role() == WeightRole.GEMM_RIGHT
                && (node.intAttribute("transA", 0) != 0
                        || node.floatAttribute("alpha", 1) != 1
                        || node.floatAttribute("beta", 1) != 1)) {
            return Optional.of("this Gemm scales or transposes, which the kernel does not");
        }
        return Optional.empty();
    }
}

package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.pack.BitPacking;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.weight.WeightSite;

/** How densely stored codes lie. */
enum Packing {
    /** One code a byte: INT8 or UINT8. */
    BYTES,

    /** In ONNX's own narrow types: INT4, UINT4, INT2, UINT2, which may be wider than the codes. */
    NATIVE,

    /** Planes of bits in bytes, unpacked by shifts; see {@link CodePlanes}. */
    PLANES;

    /** Bytes that a node with its name and its output takes in a file, roughly. */
    private static final int BYTES_OF_A_NODE = 130;

    /**
     * The packing that makes the file smallest, nodes for unpacking included, among those that the
     * readers run fast.
     *
     * @param highestOpset opset that the model can be raised to
     */
    static Packing of(WeightSite site, WeightPlan plan, Storage storage, int highestOpset) {
        int bits = plan.format().bits();
        if (bits == 8) {
            return BYTES;
        }
        long elements = site.tensor().elementCount();
        Packing best = BYTES;
        long least = elements;
        int own = nativeBits(site, plan, storage, highestOpset);
        if (own > 0) {
            // Levels from tables are looked up with wider codes in any case.
            boolean free = isForMatrixKernel(plan) || plan.format() instanceof LevelFormat;
            long cast = free ? 0 : BYTES_OF_A_NODE;
            long size = BitPacking.packedSize(elements, own) + cast;
            if (size < least) {
                best = NATIVE;
                least = size;
            }
        }
        long planes = CodePlanes.of(site, plan, storage).bytes();
        long nodes = (long) BYTES_OF_A_NODE * CodePlanes.nodes(bits);
        return planes + nodes < least ? PLANES : best;
    }

    /**
     * Width of the narrowest type of ONNX that takes the codes and that the readers run fast; 0 if
     * there is none.
     */
    static int nativeBits(WeightSite site, WeightPlan plan, Storage storage, int highestOpset) {
        int bits = plan.format().bits();
        if (storage == Storage.ROWS) {
            return 0;
        }
        if (bits <= 2
                && highestOpset >= 25
                && (!isForMatrixKernel(plan) || isFastInTwoBits(site, plan.grouping()))) {
            return 2;
        }
        return bits <= 4 && highestOpset >= 21 ? 4 : 0;
    }

    /** Whether the kernel computes with the codes as they are stored. */
    private static boolean isForMatrixKernel(WeightPlan plan) {
        return plan.format() instanceof Affine
                && plan.uses().stream()
                        .anyMatch(use -> use.encoding() == Encoding.DEQUANTIZED_MATMUL);
    }

    /**
     * ONNX Runtime's 2-bit matrix kernel (1.30, x86) computes something else unless the columns are
     * a multiple of 4. With blocks of 64 and 128 it is as fast as the 4-bit one, with others up to
     * 400 times slower.
     */
    private static boolean isFastInTwoBits(WeightSite site, Grouping grouping) {
        Tensor matrix = site.tensor();
        long columns = matrix.dimension(site.leadingUse().transposed() ? 0 : 1);
        return columns % 4 == 0 && (grouping.size() == 64 || grouping.size() == 128);
    }
}

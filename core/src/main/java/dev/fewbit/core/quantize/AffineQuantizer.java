package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.pack.BitPacking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Quantizes a tensor that is in memory as a whole.
 *
 * <pre>{@code
 * AffineTensor quantized =
 *         AffineQuantizer.quantize(
 *                 weights,
 *                 new long[] {768, 3072},
 *                 new Affine(4, true, true),
 *                 new PerBlock(0, 32),
 *                 new LeastSquares());
 * float[] again = quantized.dequantize();
 * }</pre>
 */
public final class AffineQuantizer {

    /** Columns of a band: enough for whole vectors, few enough for the caches. */
    private static final int BAND_COLUMNS = 64;

    /** Elements of a band of rows. */
    private static final int BAND_ELEMENTS = 1 << 16;

    private AffineQuantizer() {}

    /**
     * Quantizes.
     *
     * @param values the elements, row-major
     * @param shape dimensions
     * @param format kind of the codes
     * @param granularity which elements share parameters
     * @param method how the range of a group is chosen
     * @throws NonFiniteValueException when a value is NaN or infinite
     * @throws IllegalArgumentException when values and shape do not agree, or the shape has no such
     *     groups
     */
    public static AffineTensor quantize(
            float[] values,
            long[] shape,
            Affine format,
            Granularity granularity,
            RangeMethod method) {
        GroupGeometry geometry = GroupGeometry.of(shape, granularity);
        if (geometry.elementCount() != values.length) {
            throw new IllegalArgumentException(
                    "the shape %s has %d elements, got %d values"
                            .formatted(
                                    Arrays.toString(shape),
                                    geometry.elementCount(),
                                    values.length));
        }
        Parts parts = new Parts(format, values.length, (int) geometry.groupCount());
        if (values.length > 0) {
            BandQuantizer quantizer = new BandQuantizer(format, method);
            if (geometry.contiguous()) {
                quantizeRows(values, geometry, quantizer, parts);
            } else {
                quantizeColumns(values, geometry, quantizer, parts);
            }
        }
        return new AffineTensor(
                format, granularity, shape, parts.packed(), parts.scales, parts.zeroPoints);
    }

    private static void quantizeRows(
            float[] values, GroupGeometry geometry, BandQuantizer quantizer, Parts parts) {
        int length = (int) geometry.length();
        int groupSize = (int) Math.min(geometry.groupSize(), length);
        int perRow = (int) geometry.groupsPerRun();
        int rows = (int) geometry.outer();
        int rowsPerBand = Math.max(1, BAND_ELEMENTS / length);
        QuantizedBand band = new QuantizedBand(parts.format);
        for (int row = 0; row < rows; row += rowsPerBand) {
            int count = Math.min(rowsPerBand, rows - row);
            int at = row * length;
            try {
                quantizer.quantizeRows(values, at, count, length, groupSize, band);
            } catch (NonFiniteValueException e) {
                throw new NonFiniteValueException(at + e.index(), e.value());
            }
            parts.copyRows(band, 0, at, count * length);
            parts.copyParameters(band, 0, row * perRow, band.groups());
        }
    }

    private static void quantizeColumns(
            float[] values, GroupGeometry geometry, BandQuantizer quantizer, Parts parts) {
        int depth = (int) geometry.length();
        int inner = (int) geometry.inner();
        int groupSize = (int) Math.min(geometry.groupSize(), depth);
        int perRun = (int) geometry.groupsPerRun();
        QuantizedBand band = new QuantizedBand(parts.format);
        for (int run = 0; run < geometry.outer(); run++) {
            for (int c = 0; c < inner; c += BAND_COLUMNS) {
                int columns = Math.min(BAND_COLUMNS, inner - c);
                int at = run * depth * inner + c;
                try {
                    quantizer.quantizeColumns(values, at, depth, columns, inner, groupSize, band);
                } catch (NonFiniteValueException e) {
                    throw new NonFiniteValueException(at + e.index(), e.value());
                }
                for (int r = 0; r < depth; r++) {
                    parts.copyRows(band, r * columns, at + r * inner, columns);
                }
                for (int g = 0; g < perRun; g++) {
                    int group = (run * perRun + g) * inner + c;
                    parts.copyParameters(band, g * columns, group, columns);
                }
            }
        }
    }

    /** The parts of a tensor, unpacked. */
    private static final class Parts {

        private final Affine format;
        private final byte[] codes;
        private final short[] wideCodes;
        private final float[] scales;
        private final int[] zeroPoints;

        Parts(Affine format, int elements, int groups) {
            this.format = format;
            boolean wide = format.bits() > Byte.SIZE;
            codes = new byte[wide ? 0 : elements];
            wideCodes = new short[wide ? elements : 0];
            scales = new float[groups];
            zeroPoints = new int[groups];
        }

        void copyRows(QuantizedBand band, int from, int at, int count) {
            if (band.wide()) {
                System.arraycopy(band.wideCodes(), from, wideCodes, at, count);
            } else {
                System.arraycopy(band.codes(), from, codes, at, count);
            }
        }

        void copyParameters(QuantizedBand band, int from, int at, int count) {
            System.arraycopy(band.scales(), from, scales, at, count);
            System.arraycopy(band.zeroPoints(), from, zeroPoints, at, count);
        }

        byte[] packed() {
            if (wideCodes.length > 0) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(wideCodes.length * Short.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN);
                bytes.asShortBuffer().put(wideCodes);
                return bytes.array();
            }
            int size = (int) AffineTensor.packedSize(format, codes.length);
            byte[] packed = new byte[size];
            if (size > 0) {
                BitPacking.pack(codes, 0, codes.length, format.bits(), packed, 0);
            }
            return packed;
        }
    }
}

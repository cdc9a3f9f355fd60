package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;
import dev.fewbit.core.statistics.ErrorStatistics;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class BandQuantizerTest {

    private static final List<Affine> FORMATS =
            List.of(
                    new Affine(2, true, true),
                    new Affine(3, false, false),
                    new Affine(4, true, false),
                    new Affine(4, false, true),
                    new Affine(8, true, true),
                    new Affine(8, false, false),
                    new Affine(12, true, false),
                    new Affine(16, false, false));

    private static int code(QuantizedBand band, int i) {
        Affine format = band.format();
        if (format.bits() > 8) {
            return format.signed() ? band.wideCodes()[i] : band.wideCodes()[i] & 0xFFFF;
        }
        return format.signed() ? band.codes()[i] : band.codes()[i] & 0xFF;
    }

    private static double squaredError(float[] values, int from, int count, AffineMapping mapping) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            double error = (double) values[i] - mapping.dequantize(mapping.quantize(values[i]));
            sum += error * error;
        }
        return sum;
    }

    @Test
    void minMaxGivesTheParametersAndCodesOfTheDefinition() {
        Random random = new Random(1);
        for (Affine format : FORMATS) {
            int rows = 3;
            int length = 1 + random.nextInt(90);
            int groupSize = 1 + random.nextInt(40);
            float[] values =
                    Samples.ofKind(random.nextInt(7), 2 + rows * length, random.nextLong());
            QuantizedBand band = new QuantizedBand(format);
            new BandQuantizer(format, new MinMax())
                    .quantizeRows(values, 2, rows, length, groupSize, band);
            GroupGeometry geometry = new GroupGeometry(rows, length, 1, groupSize);
            assertThat(band.values()).isEqualTo(rows * length);
            assertThat(band.groups()).isEqualTo((int) geometry.groupCount());
            float[] again = new float[rows * length];
            for (int g = 0; g < band.groups(); g++) {
                float min = Float.POSITIVE_INFINITY;
                float max = Float.NEGATIVE_INFINITY;
                for (int i = 0; i < rows * length; i++) {
                    if (geometry.groupOf(i) == g) {
                        min = Math.min(min, values[2 + i]);
                        max = Math.max(max, values[2 + i]);
                    }
                }
                AffineParameters expected = AffineParameters.of(min, max, format);
                assertThat(new AffineParameters(band.scales()[g], band.zeroPoints()[g]))
                        .isEqualTo(expected);
                AffineMapping mapping = new AffineMapping(format, expected);
                for (int i = 0; i < rows * length; i++) {
                    if (geometry.groupOf(i) == g) {
                        assertThat(code(band, i)).isEqualTo(mapping.quantize(values[2 + i]));
                        again[i] = mapping.dequantize(code(band, i));
                    }
                }
            }
            float[] original = Arrays.copyOfRange(values, 2, 2 + rows * length);
            ErrorStatistics expected = ErrorStatistics.between(original, again);
            ErrorStatistics actual = band.error();
            assertThat(actual.count()).isEqualTo(expected.count());
            assertThat(actual.maximumError()).isEqualTo(expected.maximumError());
            // At most 256 float additions of products, each rounded once or twice.
            assertThat(actual.errorSquares())
                    .isCloseTo(expected.errorSquares(), within(expected.errorSquares() * 0x1p-15));
            assertThat(actual.products())
                    .isCloseTo(expected.products(), within(expected.originalSquares() * 0x1p-15));
            assertThat(band.minimum()).isEqualTo(min(original));
            assertThat(band.maximum()).isEqualTo(max(original));
        }
    }

    private static float min(float[] values) {
        float min = values[0];
        for (float value : values) {
            min = Math.min(min, value);
        }
        return min;
    }

    private static float max(float[] values) {
        float max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    @Test
    void columnsAreRowsOfTheTransposedBand() {
        Random random = new Random(2);
        for (Affine format : FORMATS) {
            for (RangeMethod method : List.of(new MinMax(), new LeastSquares())) {
                int depth = 1 + random.nextInt(300);
                int columns = 1 + random.nextInt(40);
                int stride = columns + random.nextInt(3);
                int groupSize = 1 + random.nextInt(depth);
                float[] values = Samples.ofKind(random.nextInt(7), 1 + depth * stride, 3);
                float[] transposed = new float[depth * columns];
                for (int r = 0; r < depth; r++) {
                    for (int c = 0; c < columns; c++) {
                        transposed[c * depth + r] = values[1 + r * stride + c];
                    }
                }
                BandQuantizer quantizer = new BandQuantizer(format, method);
                QuantizedBand actual = new QuantizedBand(format);
                QuantizedBand expected = new QuantizedBand(format);
                quantizer.quantizeColumns(values, 1, depth, columns, stride, groupSize, actual);
                quantizer.quantizeRows(transposed, 0, columns, depth, groupSize, expected);
                int perColumn = Math.ceilDiv(depth, groupSize);
                for (int c = 0; c < columns; c++) {
                    for (int g = 0; g < perColumn; g++) {
                        int a = g * columns + c;
                        int e = c * perColumn + g;
                        assertThat(actual.scales()[a]).isEqualTo(expected.scales()[e]);
                        assertThat(actual.zeroPoints()[a]).isEqualTo(expected.zeroPoints()[e]);
                    }
                    for (int r = 0; r < depth; r++) {
                        assertThat(code(actual, r * columns + c))
                                .isEqualTo(code(expected, c * depth + r));
                    }
                }
            }
        }
    }

    @Test
    void groupsDoNotDependOnTheBandTheyComeIn() {
        for (Affine format : FORMATS) {
            for (RangeMethod method : List.of(new MinMax(), new LeastSquares())) {
                int rows = 21;
                int length = 75;
                float[] values = Samples.ofKind(4, rows * length, 17);
                BandQuantizer quantizer = new BandQuantizer(format, method);
                QuantizedBand whole = new QuantizedBand(format);
                QuantizedBand part = new QuantizedBand(format);
                quantizer.quantizeRows(values, 0, rows, length, 32, whole);
                for (int row = 0; row < rows; row += 2) {
                    int count = Math.min(2, rows - row);
                    quantizer.quantizeRows(values, row * length, count, length, 32, part);
                    for (int i = 0; i < count * length; i++) {
                        assertThat(code(part, i)).isEqualTo(code(whole, row * length + i));
                    }
                    for (int g = 0; g < part.groups(); g++) {
                        assertThat(part.scales()[g]).isEqualTo(whole.scales()[row * 3 + g]);
                        assertThat(part.zeroPoints()[g]).isEqualTo(whole.zeroPoints()[row * 3 + g]);
                    }
                }
            }
        }
    }

    @Test
    void leastSquaresNeverHasALargerErrorThanMinMax() {
        Random random = new Random(3);
        for (int round = 0; round < 120; round++) {
            int bits = 1 + random.nextInt(10);
            Affine format = new Affine(bits, random.nextBoolean(), random.nextBoolean());
            int length = 1 + random.nextInt(round % 20 == 0 ? 6000 : 100);
            float[] values = Samples.ofKind(round, 20 * length, round);
            LeastSquares effort =
                    new LeastSquares(random.nextInt(5), random.nextInt(4), random.nextInt(4));
            QuantizedBand minMax = new QuantizedBand(format);
            QuantizedBand least = new QuantizedBand(format);
            new BandQuantizer(format, new MinMax())
                    .quantizeRows(values, 0, 20, length, length, minMax);
            new BandQuantizer(format, effort).quantizeRows(values, 0, 20, length, length, least);
            for (int g = 0; g < 20; g++) {
                double before = squaredError(values, g * length, length, mapping(minMax, g));
                double after = squaredError(values, g * length, length, mapping(least, g));
                assertThat(after).isLessThanOrEqualTo(before);
            }
        }
    }

    private static AffineMapping mapping(QuantizedBand band, int group) {
        return new AffineMapping(
                band.format(),
                new AffineParameters(band.scales()[group], band.zeroPoints()[group]));
    }

    @Test
    void scalarAndVectorKernelsGiveTheSameBand() {
        for (Affine format : FORMATS) {
            float[] values = Samples.gaussian(40 * 130, 23);
            QuantizedBand scalar = new QuantizedBand(format);
            QuantizedBand best = new QuantizedBand(format);
            new BandQuantizer(format, new LeastSquares(), AffineKernels.scalar())
                    .quantizeRows(values, 0, 40, 130, 64, scalar);
            new BandQuantizer(format, new LeastSquares(), AffineKernels.best())
                    .quantizeRows(values, 0, 40, 130, 64, best);
            assertThat(best.scales()).isEqualTo(scalar.scales());
            assertThat(best.zeroPoints()).isEqualTo(scalar.zeroPoints());
            assertThat(best.error()).isEqualTo(scalar.error());
        }
    }

    @Test
    void valuesThatAreNotFiniteAreNamed() {
        Affine format = new Affine(8, true, true);
        BandQuantizer quantizer = new BandQuantizer(format, new MinMax());
        QuantizedBand band = new QuantizedBand(format);
        float[] values = new float[60];
        values[5 + 23] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> quantizer.quantizeRows(values, 5, 5, 10, 4, band))
                .isInstanceOfSatisfying(
                        NonFiniteValueException.class, e -> assertThat(e.index()).isEqualTo(23))
                .hasMessageContaining("index 23 is -Infinity");
        assertThatThrownBy(() -> quantizer.quantizeColumns(values, 5, 5, 9, 10, 2, band))
                .isInstanceOfSatisfying(
                        NonFiniteValueException.class, e -> assertThat(e.index()).isEqualTo(23));
        assertThatThrownBy(
                        () ->
                                quantizer.quantizeWith(
                                        new AffineParameters(1, 0), values, 5, 50, band))
                .isInstanceOfSatisfying(
                        NonFiniteValueException.class, e -> assertThat(e.index()).isEqualTo(23));
    }

    @Test
    void bandsOfAnotherFormatAreRefused() {
        BandQuantizer quantizer = new BandQuantizer(new Affine(8, true, true), new MinMax());
        QuantizedBand band = new QuantizedBand(new Affine(4, true, true));
        assertThatThrownBy(() -> quantizer.quantizeRows(new float[4], 0, 1, 4, 4, band))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bits=4");
        assertThatThrownBy(band::wideCodes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(new QuantizedBand(new Affine(9, true, true))::codes)
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void zeroPointsAreCopiedAsCodes() {
        Affine format = new Affine(4, false, false);
        QuantizedBand band = new QuantizedBand(format);
        float[] values = {-1, 14, -15, 0, 0, 15};
        new BandQuantizer(format, new MinMax()).quantizeRows(values, 0, 3, 2, 2, band);
        byte[] zeroPoints = new byte[5];
        band.copyZeroPoints(zeroPoints, 1);
        assertThat(zeroPoints).containsExactly(0, 1, 15, 0, 0);
    }

    @Test
    void scalesAreRaisedToTheirBounds() {
        Affine format = new Affine(8, true, true);
        float[] bounds = {9, 0, 100, 0};
        for (RangeMethod method : List.of(new MinMax(), new LeastSquares())) {
            BandQuantizer quantizer = new BandQuantizer(format, method);
            QuantizedBand band = new QuantizedBand(format);
            float[] values = Samples.ofKind(0, 3 * 20, 7);
            quantizer.quantizeRows(values, 0, 3, 20, 20, band);
            float[] free = Arrays.copyOf(band.scales(), 3);

            // The second bound is for the first group.
            band.setSmallestScales(bounds, 1);
            quantizer.quantizeRows(values, 0, 3, 20, 20, band);
            float[] scales = {free[0], 100, free[2]};
            checkRaised(values, band, scales, format);

            float[] turned = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                turned[i % 20 * 3 + i / 20] = values[i];
            }
            quantizer.quantizeColumns(turned, 0, 20, 3, 3, 20, band);
            assertThat(Arrays.copyOf(band.scales(), 3)).containsExactly(scales);

            band.setSmallestScales(null, 0);
            quantizer.quantizeRows(values, 0, 3, 20, 20, band);
            assertThat(Arrays.copyOf(band.scales(), 3)).containsExactly(free);
        }
        QuantizedBand asymmetric = new QuantizedBand(new Affine(8, true, false));
        assertThatThrownBy(() -> asymmetric.setSmallestScales(bounds, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("symmetric");
    }

    private static void checkRaised(
            float[] values, QuantizedBand band, float[] scales, Affine format) {
        for (int i = 0; i < values.length; i++) {
            assertThat(band.scales()[i / 20]).isEqualTo(scales[i / 20]);
            AffineMapping mapping =
                    new AffineMapping(format, new AffineParameters(scales[i / 20], 0));
            assertThat(code(band, i)).isEqualTo(mapping.quantize(values[i]));
        }
    }
}

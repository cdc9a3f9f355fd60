package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.format.Granularity.PerChannel;
import dev.fewbit.core.format.Granularity.PerTensor;
import dev.fewbit.core.statistics.ErrorStatistics;

import org.junit.jupiter.api.Test;

import java.util.List;

class AffineQuantizerTest {

    private static final long[] SHAPE = {70, 130};

    private static final List<Granularity> GRANULARITIES =
            List.of(
                    new PerTensor(),
                    new PerChannel(0),
                    new PerChannel(1),
                    new PerBlock(0, 32),
                    new PerBlock(1, 32),
                    new PerBlock(1, 1000));

    @Test
    void everyValueIsWithinHalfAStepOfItsGroup() {
        float[] values = Samples.gaussian(70 * 130, 1);
        for (Granularity granularity : GRANULARITIES) {
            for (int bits = 2; bits <= 16; bits++) {
                for (int kind = 0; kind < 4; kind++) {
                    Affine format = new Affine(bits, kind % 2 == 0, kind < 2);
                    AffineTensor tensor =
                            AffineQuantizer.quantize(
                                    values, SHAPE, format, granularity, new MinMax());
                    float[] again = tensor.dequantize();
                    float[] scales = tensor.scales();
                    GroupGeometry geometry = GroupGeometry.of(SHAPE, granularity);
                    for (int i = 0; i < values.length; i++) {
                        float scale = scales[(int) geometry.groupOf(i)];
                        // Values are below 6; a float of that size is rounded by 2^-22 at most.
                        assertThat(Math.abs((double) values[i] - again[i]))
                                .isLessThanOrEqualTo(scale * 0.5 + 0x1p-20);
                    }
                }
            }
        }
    }

    @Test
    void moreBitsNeverGiveMoreError() {
        for (Granularity granularity : GRANULARITIES) {
            for (RangeMethod method : List.of(new MinMax(), new LeastSquares())) {
                for (boolean symmetric : new boolean[] {true, false}) {
                    // Not of kind 2: a few values on a grid may by luck be exact in few bits.
                    for (int kind : new int[] {0, 1, 3, 4, 5}) {
                        float[] values = Samples.ofKind(kind, 70 * 130, kind);
                        double before = 0;
                        for (int bits = 2; bits <= 12; bits += 2) {
                            AffineTensor tensor =
                                    AffineQuantizer.quantize(
                                            values,
                                            SHAPE,
                                            new Affine(bits, true, symmetric),
                                            granularity,
                                            method);
                            double sqnr =
                                    ErrorStatistics.between(values, tensor.dequantize())
                                            .sqnrDecibels();
                            assertThat(sqnr).isGreaterThan(before);
                            before = sqnr;
                        }
                    }
                }
            }
        }
    }

    @Test
    void blocksOfATensorOfManyAxesAreFoundWhereTheyLie() {
        long[] shape = {3, 10, 7};
        float[] values = new float[210];
        Granularity granularity = new PerBlock(1, 4);
        GroupGeometry geometry = GroupGeometry.of(shape, granularity);
        // All values of a group are alike, so that any mistake in the geometry is an error.
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + geometry.groupOf(i);
        }
        AffineTensor tensor =
                AffineQuantizer.quantize(
                        values, shape, new Affine(4, true, true), granularity, new MinMax());
        float[] scales = tensor.scales();
        for (int g = 0; g < scales.length; g++) {
            assertThat(scales[g]).isEqualTo((1f + g) / 7);
        }
        float[] again = tensor.dequantize();
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(again[i] - values[i])).isLessThanOrEqualTo(values[i] * 0x1p-23f);
        }
    }

    @Test
    void sizesIncludeTheParameters() {
        float[] values = Samples.gaussian(64 * 32, 2);
        long[] shape = {64, 32};
        AffineTensor symmetric =
                AffineQuantizer.quantize(
                        values,
                        shape,
                        new Affine(4, true, true),
                        new PerBlock(0, 32),
                        new MinMax());
        // 4 bits a code, and 32 bits a scale for every 32 of them.
        assertThat(symmetric.bitsPerWeight()).isEqualTo(5);
        assertThat(symmetric.packedCodes()).hasSize(64 * 32 / 2);
        AffineTensor asymmetric =
                AffineQuantizer.quantize(
                        values,
                        shape,
                        new Affine(4, false, false),
                        new PerBlock(0, 32),
                        new MinMax());
        assertThat(asymmetric.bitsPerWeight()).isEqualTo(5 + 4.0 / 32);
        AffineTensor wide =
                AffineQuantizer.quantize(
                        values, shape, new Affine(12, true, true), new PerTensor(), new MinMax());
        assertThat(wide.sizeInBits()).isEqualTo(64 * 32 * 16 + 32);
    }

    @Test
    void scalarsAndEmptyTensorsAreTensorsToo() {
        Affine format = new Affine(8, true, true);
        AffineTensor scalar =
                AffineQuantizer.quantize(
                        new float[] {-3}, new long[0], format, new PerTensor(), new MinMax());
        assertThat(scalar.dequantize()).containsExactly(-3);
        AffineTensor empty =
                AffineQuantizer.quantize(
                        new float[0], new long[] {0, 5}, format, new PerTensor(), new MinMax());
        assertThat(empty.dequantize()).isEmpty();
        assertThat(empty.bitsPerWeight()).isZero();
    }

    @Test
    void badInputIsRefused() {
        Affine format = new Affine(8, true, true);
        float[] values = new float[12];
        assertThatThrownBy(
                        () ->
                                AffineQuantizer.quantize(
                                        values,
                                        new long[] {3, 5},
                                        format,
                                        new PerTensor(),
                                        new MinMax()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[3, 5] has 15 elements, got 12");
        values[7] = Float.POSITIVE_INFINITY;
        for (Granularity granularity : List.of(new PerTensor(), new PerBlock(0, 2))) {
            assertThatThrownBy(
                            () ->
                                    AffineQuantizer.quantize(
                                            values,
                                            new long[] {3, 4},
                                            format,
                                            granularity,
                                            new MinMax()))
                    .isInstanceOf(NonFiniteValueException.class)
                    .hasMessageContaining("index 7 is Infinity");
        }
        assertThatThrownBy(
                        () ->
                                new AffineTensor(
                                        format,
                                        new PerTensor(),
                                        new long[] {4},
                                        new byte[3],
                                        new float[1],
                                        new int[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 bytes of codes, got 3");
    }
}

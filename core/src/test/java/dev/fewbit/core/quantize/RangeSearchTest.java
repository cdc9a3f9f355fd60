package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.affine.RangeMethod.Clipped;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;

import java.util.List;

class RangeSearchTest {

    private static FloatChunks chunks(float[] values, int size) {
        return visitor -> {
            for (int at = 0; at < values.length; at += size) {
                visitor.visit(values, at, Math.min(size, values.length - at));
            }
        };
    }

    @Test
    void chunksOfAnySizeGiveTheParametersOfTheWhole() {
        float[] values = Samples.laplacian(70_001, 1);
        for (RangeMethod method : List.of(new MinMax(), new Clipped(0.3), new LeastSquares())) {
            for (Affine format :
                    List.of(
                            new Affine(3, true, true),
                            new Affine(8, false, false),
                            new Affine(16, true, false))) {
                QuantizedBand band = new QuantizedBand(format);
                BandQuantizer quantizer = new BandQuantizer(format, method);
                quantizer.quantizeRows(values, 0, 1, values.length, values.length, band);
                AffineParameters expected =
                        new AffineParameters(band.scales()[0], band.zeroPoints()[0]);
                RangeSearch search = new RangeSearch(format, method);
                for (int size : new int[] {4096, 3 * 4096, 1 << 20}) {
                    RangeSearch.Result result = search.search(chunks(values, size));
                    assertThat(result.parameters()).isEqualTo(expected);
                    assertThat(result.count()).isEqualTo(values.length);
                    assertThat(result.minimum()).isEqualTo(band.minimum());
                    assertThat(result.maximum()).isEqualTo(band.maximum());
                }
                QuantizedBand piece = new QuantizedBand(format);
                quantizer.quantizeWith(expected, values, 4096, 1000, piece);
                for (int i = 0; i < 1000; i++) {
                    if (format.bits() > 8) {
                        assertThat(piece.wideCodes()[i]).isEqualTo(band.wideCodes()[4096 + i]);
                    } else {
                        assertThat(piece.codes()[i]).isEqualTo(band.codes()[4096 + i]);
                    }
                }
                assertThat(piece.groups()).isEqualTo(1);
            }
        }
    }

    @Test
    void valuesThatAreNotFiniteAreNamed() {
        float[] values = new float[10_000];
        values[9_000] = Float.NaN;
        RangeSearch search = new RangeSearch(new Affine(8, true, true), new MinMax());
        assertThatThrownBy(() -> search.search(chunks(values, 4096)))
                .isInstanceOf(NonFiniteValueException.class)
                .hasMessageContaining("index 9000 is NaN");
    }

    @Test
    void oddChunksAreRefused() {
        RangeSearch search = new RangeSearch(new Affine(8, true, true), new MinMax());
        assertThatThrownBy(() -> search.search(chunks(new float[10_000], 5000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 4096");
    }

    @Test
    void nothingHasTheParametersOfZero() {
        RangeSearch search = new RangeSearch(new Affine(8, false, true), new LeastSquares());
        assertThat(search.search(visitor -> {}))
                .isEqualTo(new RangeSearch.Result(new AffineParameters(1, 128), 0, 0, 0));
    }
}

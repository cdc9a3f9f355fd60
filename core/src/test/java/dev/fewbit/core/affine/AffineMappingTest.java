package dev.fewbit.core.affine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;

class AffineMappingTest {

    /** The example "test_quantizelinear" of the ONNX operator specification. */
    @Test
    void quantizeLinearOfTheOnnxSpecification() {
        AffineMapping mapping =
                new AffineMapping(new Affine(8, false, false), new AffineParameters(2, 128));
        float[] values = {0, 2, 3, 1000, -254, -1000};
        int[] codes = {128, 129, 130, 255, 1, 0};
        for (int i = 0; i < values.length; i++) {
            assertThat(mapping.quantize(values[i])).isEqualTo(codes[i]);
        }
    }

    /** The example "test_dequantizelinear" of the ONNX operator specification. */
    @Test
    void dequantizeLinearOfTheOnnxSpecification() {
        AffineMapping mapping =
                new AffineMapping(new Affine(8, false, false), new AffineParameters(2, 128));
        int[] codes = {0, 3, 128, 255};
        float[] values = {-256, -250, 0, 254};
        for (int i = 0; i < values.length; i++) {
            assertThat(mapping.dequantize(codes[i])).isEqualTo(values[i]);
        }
    }

    @Test
    void halvesAreRoundedToEven() {
        AffineMapping mapping =
                new AffineMapping(new Affine(8, true, true), new AffineParameters(1, 0));
        float[] values = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f, 127.5f, -128.5f};
        int[] codes = {0, 2, 2, 0, -2, -2, 126, 127, -128};
        for (int i = 0; i < values.length; i++) {
            assertThat(mapping.quantize(values[i])).isEqualTo(codes[i]);
        }
    }

    @Test
    void infinitiesAndHugeQuotientsSaturate() {
        AffineMapping mapping =
                new AffineMapping(
                        new Affine(16, false, false), new AffineParameters(Float.MIN_NORMAL, 7));
        assertThat(mapping.quantize(Float.MAX_VALUE)).isEqualTo(65535);
        assertThat(mapping.quantize(Float.POSITIVE_INFINITY)).isEqualTo(65535);
        assertThat(mapping.quantize(Float.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void everyCodeIsTheCodeOfItsValue() {
        for (int bits = 1; bits <= 16; bits++) {
            Affine format = new Affine(bits, bits % 2 == 0, false);
            int zeroPoint = format.qmin() + format.levels() / 3;
            AffineMapping mapping =
                    new AffineMapping(format, new AffineParameters(0.0123f, zeroPoint));
            for (int code = format.qmin(); code <= format.qmax(); code++) {
                assertThat(mapping.quantize(mapping.dequantize(code))).isEqualTo(code);
            }
        }
    }

    @Test
    void zeroPointsThatAreNoCodesAreRefused() {
        AffineParameters parameters = new AffineParameters(1, 16);
        assertThatThrownBy(() -> new AffineMapping(new Affine(4, false, false), parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 15, got 16");
        assertThatThrownBy(() -> new AffineMapping(new Affine(8, true, true), parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is 0, got 16");
    }

    @Test
    void effortsBeyondReasonAreRefused() {
        assertThatThrownBy(() -> new LeastSquares(9, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 9, 0, 0 and 0");
    }
}

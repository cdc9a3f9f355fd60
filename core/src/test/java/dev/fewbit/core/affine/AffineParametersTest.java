package dev.fewbit.core.affine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class AffineParametersTest {

    static List<Affine> formats() {
        List<Affine> formats = new ArrayList<>();
        for (int bits = 1; bits <= 16; bits++) {
            for (int kind = 0; kind < 4; kind++) {
                formats.add(new Affine(bits, kind % 2 == 0, kind < 2));
            }
        }
        return formats;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyValueOfTheRangeIsWithinHalfAStepOfALevel(Affine format) {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            float magnitude = (float) Math.exp(random.nextGaussian() * 10);
            float a = (random.nextFloat() - random.nextInt(3)) * magnitude;
            float b = (random.nextFloat() - random.nextInt(3)) * magnitude;
            float min = Math.min(a, b);
            float max = Math.max(a, b);
            if (format.symmetric() && format.bits() == 1 && max > 0) {
                continue; // Its levels are 0 and below.
            }
            AffineParameters parameters = AffineParameters.of(min, max, format);
            AffineMapping mapping = new AffineMapping(format, parameters);
            for (float value : new float[] {min, max, min + (max - min) * random.nextFloat()}) {
                double error =
                        Math.abs((double) value - mapping.dequantize(mapping.quantize(value)));
                // Half a step; the scale, the quotient and the product are rounded to floats, each
                // off by 2^-24 of up to 2^bits steps.
                double rounding = Math.max(Math.abs(min), Math.abs(max)) * 0x1p-22;
                assertThat(error).isLessThanOrEqualTo(parameters.scale() * 0.5 + rounding);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void zeroIsExact(Affine format) {
        for (float[] range : new float[][] {{-3, 5}, {2, 7}, {-9, -1}, {0, 0}, {0, 1e-30f}}) {
            AffineMapping mapping =
                    new AffineMapping(format, AffineParameters.of(range[0], range[1], format));
            assertThat(mapping.dequantize(mapping.quantize(0f))).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void constantsAreRepresented(Affine format) {
        for (float constant : new float[] {3.7f, -0.021f, 1e-30f, -1e30f}) {
            if (format.symmetric() && format.bits() == 1 && constant > 0) {
                continue; // Its levels are 0 and below.
            }
            AffineMapping mapping =
                    new AffineMapping(format, AffineParameters.of(constant, constant, format));
            float again = mapping.dequantize(mapping.quantize(constant));
            // Two roundings: of the scale and of the product.
            assertThat((double) again / constant).isBetween(1 - 0x1p-22, 1 + 0x1p-22);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void extremeRangesHaveNormalScalesAndFiniteLevels(Affine format) {
        float[] ends = {
            -Float.MAX_VALUE,
            -1e38f,
            -1f,
            -Float.MIN_NORMAL,
            -Float.MIN_VALUE,
            0f,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            1f,
            1e38f,
            Float.MAX_VALUE
        };
        for (float min : ends) {
            for (float max : ends) {
                if (min > max) {
                    continue;
                }
                AffineParameters parameters = AffineParameters.of(min, max, format);
                AffineMapping mapping = new AffineMapping(format, parameters);
                assertThat(parameters.scale()).isBetween(Float.MIN_NORMAL, Float.MAX_VALUE);
                assertThat(mapping.dequantize(format.qmin())).isFinite();
                assertThat(mapping.dequantize(format.qmax())).isFinite();
                assertThat(mapping.quantize(min)).isBetween(format.qmin(), format.qmax());
            }
        }
    }

    @Test
    void parametersAreThoseOfTheDefinition() {
        // S = (5 - -3) / 255 and Z = round(-128 + 3 / S) = round(-128 + 95.625).
        assertThat(AffineParameters.of(-3, 5, new Affine(8, true, false)))
                .isEqualTo(new AffineParameters(8f / 255, -32));
        // The positive end decides: 5 / 127 > 3 / 128.
        assertThat(AffineParameters.of(-3, 5, new Affine(8, true, true)))
                .isEqualTo(new AffineParameters(5f / 127, 0));
        // The negative end decides, and reaches the lowest code.
        assertThat(AffineParameters.of(-8, 5, new Affine(4, true, true)))
                .isEqualTo(new AffineParameters(1, 0));
        assertThat(AffineParameters.of(-8, 5, new Affine(4, false, true)))
                .isEqualTo(new AffineParameters(1, 8));
        // Zero is added to a range that lies beside it.
        assertThat(AffineParameters.of(2, 15, new Affine(4, false, false)))
                .isEqualTo(new AffineParameters(1, 0));
        assertThat(AffineParameters.of(0, 0, new Affine(4, false, false)))
                .isEqualTo(new AffineParameters(1, 0));
    }

    @Test
    void badRangesAndScalesAreRefused() {
        Affine format = new Affine(8, true, true);
        for (float[] range :
                new float[][] {
                    {Float.NaN, 1}, {0, Float.NaN}, {Float.NEGATIVE_INFINITY, 0}, {2, 1}
                }) {
            assertThatThrownBy(() -> AffineParameters.of(range[0], range[1], format))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two finite ends");
        }
        for (float scale :
                new float[] {0, -1, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new AffineParameters(scale, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("normal positive");
        }
    }
}

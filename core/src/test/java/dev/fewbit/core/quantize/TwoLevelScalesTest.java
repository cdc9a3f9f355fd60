package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class TwoLevelScalesTest {
    /** Two rows of three blocks of two columns. */
    private static final GroupGeometry GEOMETRY = new GroupGeometry(2, 48, 2, 16);

    @Test
    void scalesAreOffByHalfABaseAtMost() {
        Random random = new Random(1);
        float[] scales = new float[12];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = random.nextFloat() + 0.01f;
        }
        TwoLevelScales expressed = TwoLevelScales.of(scales, GEOMETRY);
        float[] bases = expressed.bases();
        assertThat(bases).hasSize(4);
        for (int group = 0; group < scales.length; group++) {
            int channel = group / 6 * 2 + group % 2;
            int code = expressed.codes()[group] & 0xFF;
            assertThat(expressed.scale(group)).isEqualTo(code * bases[channel]);
            // Half a base, and the rounding of a division and a product.
            assertThat((double) expressed.scale(group))
                    .isCloseTo(scales[group], within(bases[channel] * 0.5001));
        }
        for (int channel = 0; channel < 4; channel++) {
            int first = channel / 2 * 6 + channel % 2;
            float largest = Math.max(scales[first], Math.max(scales[first + 2], scales[first + 4]));
            assertThat(bases[channel] * 255).isLessThanOrEqualTo(largest);
            assertThat(Math.nextUp(bases[channel]) * 255).isGreaterThan(largest);
        }
    }

    @Test
    void whatWasExpressedIsExpressedAgainExactly() {
        Random random = new Random(2);
        GroupGeometry geometry = new GroupGeometry(1000, 64, 1, 16);
        float[] scales = new float[4000];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) Math.exp(random.nextGaussian() * 3);
        }
        float[] once = TwoLevelScales.of(scales, geometry).scales();
        assertThat(TwoLevelScales.of(once, geometry).scales()).isEqualTo(once);
    }

    @Test
    void blocksOfZerosDoNotCount() {
        GroupGeometry geometry = new GroupGeometry(2, 48, 1, 16);
        TwoLevelScales expressed =
                TwoLevelScales.of(new float[] {0, 0.3f, 0.5f, 0, 0, 0}, geometry);
        assertThat(expressed.scale(2)).isCloseTo(0.5f, within(Math.ulp(0.5f)));
        assertThat(expressed.codes()).containsExactly(1, (byte) 153, (byte) 255, 1, 1, 1);
        assertThat(expressed.scale(3)).isPositive();
    }

    @Test
    void extremesStayNormalNumbers() {
        GroupGeometry geometry = new GroupGeometry(1, 32, 1, 16);
        float[] tiny = {Float.MIN_NORMAL, Float.MIN_NORMAL * 3};
        assertThat(TwoLevelScales.of(tiny, geometry).scales()).containsExactly(tiny);
        float[] huge = {Float.MAX_VALUE, Float.MAX_VALUE / 4};
        for (float scale : TwoLevelScales.of(huge, geometry).scales()) {
            assertThat(scale).isFinite();
        }
        assertThatThrownBy(() -> TwoLevelScales.of(new float[3], geometry))
                .hasMessage("3 scales for 2 groups");
    }

    /** At 4 bits and blocks of 32, Gaussian weights lose less than 0.01 dB by it. */
    @Test
    void theErrorHardlyGrows() {
        int rows = 64;
        int length = 1024;
        GroupGeometry geometry = new GroupGeometry(rows, length, 1, 32);
        Affine format = new Affine(4, false, false);
        Random random = new Random(3);
        float[] values = new float[rows * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        BandQuantizer quantizer = new BandQuantizer(format, new RangeMethod.LeastSquares());
        QuantizedBand band = new QuantizedBand(format);
        quantizer.quantizeRows(values, 0, rows, length, 32, band);
        double before = band.error().sqnrDecibels();
        float[] scales = Arrays.copyOf(band.scales(), band.groups());
        int[] zeroPoints = Arrays.copyOf(band.zeroPoints(), band.groups());

        float[] expressed = TwoLevelScales.of(scales, geometry).scales();
        band.setKnownParameters(expressed, zeroPoints, 0);
        quantizer.quantizeRows(values, 0, rows, length, 32, band);
        assertThat(Arrays.copyOf(band.scales(), band.groups())).isEqualTo(expressed);
        assertThat(band.error().sqnrDecibels()).isBetween(before - 0.01, before + 0.01);
    }
}

package dev.fewbit.train.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

/** Against what the formulas of the papers say, written out plainly. */
class WeightQuantizersTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 10;
    private static final int BLOCK = 4;

    @BeforeAll
    static void oneThread() {
        torch.set_num_threads(1);
    }

    private static float[] weights(long seed) {
        Random random = new Random(seed);
        float[] weights = new float[ROWS * COLUMNS];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        return weights;
    }

    /** Blocks of 4 in rows of 10, so the last one of each row is short. */
    private static GroupGeometry blocks() {
        return new GroupGeometry(ROWS, COLUMNS, 1, BLOCK);
    }

    private static RoundedWeight start(Affine format) {
        int groups = (int) blocks().groupCount();
        float[] scales = new float[groups];
        int[] zeroPoints = new int[groups];
        for (int i = 0; i < groups; i++) {
            scales[i] = 0.3f + 0.05f * i;
            zeroPoints[i] = format.symmetric() ? format.middle() : 6 + i % 3;
        }
        return new RoundedWeight(new byte[ROWS * COLUMNS], scales, zeroPoints);
    }

    @Test
    void codesAreWhatTheForwardPassComputesWith() {
        for (Affine format : List.of(new Affine(4, true, true), new Affine(4, false, false))) {
            RoundedWeight start = start(format);
            try (PointerScope _ = new PointerScope();
                    AffineWeight quantizer = new AffineWeight(format, blocks(), false, start)) {
                Tensor weight = Tensors.ofFloats(weights(1), ROWS, COLUMNS);
                float[] values = Tensors.floats(quantizer.apply(weight));
                RoundedWeight codes = quantizer.codes(weight);
                codes.check("w", format, blocks());
                for (int i = 0; i < values.length; i++) {
                    int group = (int) blocks().groupOf(i);
                    int code = format.signed() ? codes.codes()[i] : codes.codes()[i] & 0xFF;
                    float scale = start.scales()[group];
                    float nearest = (code - start.zeroPoints()[group]) * scale;
                    assertThat(values[i]).isCloseTo(nearest, within(4 * Math.ulp(nearest)));
                    float low = (format.qmin() - start.zeroPoints()[group]) * scale;
                    float high = (format.qmax() - start.zeroPoints()[group]) * scale;
                    float clamped = Math.clamp(weights(1)[i], low, high);
                    assertThat(Math.abs(clamped - nearest)).isLessThanOrEqualTo(scale * 0.50001f);
                }
            }
        }
    }

    /** The paper: dv/ds is -Qn or Qp outside of the levels, else round(v / s) - v / s. */
    @Test
    void gradientsAreThoseOfLearnedStepSizes() {
        Affine format = new Affine(4, true, true);
        RoundedWeight start = start(format);
        try (PointerScope _ = new PointerScope();
                AffineWeight quantizer = new AffineWeight(format, blocks(), false, start)) {
            float[] values = weights(2);
            values[5] = 9;
            values[17] = -9;
            Tensor weight = Tensors.ofFloats(values, ROWS, COLUMNS).set_requires_grad(true);
            torch.sum(quantizer.apply(weight)).backward();
            float[] passed = Tensors.floats(weight.grad());
            float[] steps = Tensors.floats(quantizer.parameters().get("scales").grad());
            double[] expected = new double[steps.length];
            double share = 1 / Math.sqrt((double) ROWS * COLUMNS / steps.length * 7);
            for (int i = 0; i < values.length; i++) {
                int group = (int) blocks().groupOf(i);
                double code = values[i] / start.scales()[group];
                boolean inside = code >= -8 && code <= 7;
                assertThat(passed[i]).isEqualTo(inside ? 1f : 0f, within(1e-6f));
                double own = inside ? Math.rint(code) - code : code < 0 ? -8 : 7;
                expected[group] += own * share;
            }
            for (int group = 0; group < steps.length; group++) {
                assertThat((double) steps[group]).isCloseTo(expected[group], within(1e-5));
            }
        }
    }

    /** What is stored in two levels is what is computed with. */
    @Test
    void scalesOfTwoLevelsAreExpressedExactly() {
        Affine format = new Affine(4, true, true);
        try (PointerScope _ = new PointerScope();
                AffineWeight quantizer = new AffineWeight(format, blocks(), true, start(format))) {
            Tensor weight = Tensors.ofFloats(weights(5), ROWS, COLUMNS);
            RoundedWeight codes = quantizer.codes(weight);
            assertThat(TwoLevelScales.of(codes.scales(), blocks()).scales())
                    .containsExactly(codes.scales());
            float[] values = Tensors.floats(quantizer.apply(weight));
            for (int i = 0; i < values.length; i++) {
                float scale = codes.scales()[(int) blocks().groupOf(i)];
                assertThat(values[i]).isEqualTo(codes.codes()[i] * scale, within(1e-6f));
            }
        }
    }

    @Test
    void powersOfTwoAreTheNearest() {
        PowersOfTwo format = PowersOfTwo.of(4);
        GroupGeometry rows = new GroupGeometry(ROWS, COLUMNS, 1, COLUMNS);
        float[] scales = {0.02f, -0.03f, 0.01f};
        RoundedWeight start =
                new RoundedWeight(new byte[ROWS * COLUMNS], scales, new int[0], List.of());
        try (PointerScope _ = new PointerScope();
                LevelWeight quantizer =
                        new LevelWeight(
                                format,
                                rows,
                                TableGeometry.oneTable(ROWS * COLUMNS),
                                false,
                                start)) {
            Tensor weight = Tensors.ofFloats(weights(3), ROWS, COLUMNS);
            float[] values = Tensors.floats(quantizer.apply(weight));
            RoundedWeight codes = quantizer.codes(weight);
            for (int i = 0; i < values.length; i++) {
                float best = Float.NaN;
                for (float level : format.levels()) {
                    float value = level * scales[i / COLUMNS];
                    if (!(Math.abs(value - weights(3)[i]) >= Math.abs(best - weights(3)[i]))) {
                        best = value;
                    }
                }
                assertThat(values[i]).isCloseTo(best, within(1e-6f));
                float decoded = format.levels()[codes.codes()[i] & 0xFF] * scales[i / COLUMNS];
                assertThat(decoded).isCloseTo(best, within(1e-6f));
            }
        }
    }

    @Test
    void entriesOfACodebookLearnFromTheirWeights() {
        Codebook format = new Codebook(2);
        LevelTable table = LevelTable.of(-1, -0.2f, 0.3f, 1.1f);
        GroupGeometry whole = new GroupGeometry(1, ROWS * COLUMNS, 1, ROWS * COLUMNS);
        RoundedWeight start =
                new RoundedWeight(
                        new byte[ROWS * COLUMNS], new float[0], new int[0], List.of(table));
        try (PointerScope _ = new PointerScope();
                LevelWeight quantizer =
                        new LevelWeight(
                                format,
                                whole,
                                TableGeometry.oneTable(ROWS * COLUMNS),
                                false,
                                start)) {
            Tensor weight = Tensors.ofFloats(weights(4), ROWS, COLUMNS).set_requires_grad(true);
            torch.sum(quantizer.apply(weight)).backward();
            float[] entries = Tensors.floats(quantizer.parameters().get("tables").grad());
            byte[] codes = quantizer.codes(weight).codes();
            float[] counts = new float[4];
            for (byte code : codes) {
                counts[code]++;
            }
            assertThat(entries).containsExactly(counts);
            float[] passed = Tensors.floats(weight.grad());
            for (int i = 0; i < passed.length; i++) {
                boolean inside = weights(4)[i] > -1 && weights(4)[i] < 1.1f;
                assertThat(passed[i]).isEqualTo(inside ? 1f : 0f);
            }
        }
    }
}

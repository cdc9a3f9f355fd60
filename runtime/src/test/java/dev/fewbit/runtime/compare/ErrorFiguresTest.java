package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.runtime.data.NumberArray;

import org.junit.jupiter.api.Test;

class ErrorFiguresTest {

    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    /** A handful of double operations on exact inputs: a few units of 2^-53 relative. */
    private static final double ROUNDING = 1e-12;

    private static ErrorSums sums(float[] x, float[] y) {
        ErrorSums sums = new ErrorSums();
        sums.add(NumberArray.ofFloats(x, x.length), NumberArray.ofFloats(y, y.length));
        return sums;
    }

    @Test
    void figuresFollowTheirEquations() {
        ErrorSums sums = sums(new float[] {3, 4}, new float[] {3, 3});
        assertThat(sums.sqnrDecibels()).isCloseTo(10 * Math.log10(25), within(ROUNDING));
        assertThat(sums.cosine()).isCloseTo(21 / (5 * Math.sqrt(18)), within(ROUNDING));
        assertThat(sums.maximumError()).isEqualTo(1);
        assertThat(sums.count()).isEqualTo(2);
    }

    @Test
    void nothingChangedIsInfinitelyGood() {
        for (float[] x : new float[][] {{1, -2, 3}, {0, 0}}) {
            ErrorSums sums = sums(x, x);
            assertThat(sums.sqnrDecibels()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(sums.cosine()).isEqualTo(1);
            assertThat(sums.maximumError()).isEqualTo(0);
        }
    }

    @Test
    void silenceAgainstNoiseHasNoCosine() {
        assertThat(sums(new float[] {0, 0}, new float[] {1, 0}).cosine()).isEqualTo(0);
        assertThat(sums(new float[] {0, 0}, new float[] {1, 0}).sqnrDecibels())
                .isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(sums(new float[] {1, 0}, new float[] {0, 0}).cosine()).isEqualTo(0);
    }

    @Test
    void whatTheFloatModelLostIsLeftOut() {
        ErrorSums sums = sums(new float[] {NAN, INFINITY, 2}, new float[] {1, INFINITY, 2});
        assertThat(sums.notFiniteInOriginal()).isEqualTo(2);
        assertThat(sums.notFiniteInQuantized()).isEqualTo(0);
        assertThat(sums.sqnrDecibels()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void whatOnlyTheQuantizedModelLostIsInfinitelyBad() {
        ErrorSums sums = sums(new float[] {1, 2}, new float[] {1, NAN});
        assertThat(sums.notFiniteInQuantized()).isEqualTo(1);
        assertThat(sums.sqnrDecibels()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(sums.cosine()).isEqualTo(0);
        assertThat(sums.maximumError()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void addingSumsIsAddingValues() {
        ErrorSums whole = sums(new float[] {1, 2, 3, 4}, new float[] {1, 2.5f, 2, 4});
        ErrorSums parts = sums(new float[] {1, 2}, new float[] {1, 2.5f});
        parts.add(sums(new float[] {3, 4}, new float[] {2, 4}));
        assertThat(parts.sqnrDecibels()).isEqualTo(whole.sqnrDecibels());
        assertThat(parts.cosine()).isEqualTo(whole.cosine());
        assertThat(parts.maximumError()).isEqualTo(whole.maximumError());
    }

    private static double topOne(float[] x, float[] y, long... shape) {
        TopOne topOne = new TopOne();
        topOne.add(NumberArray.ofFloats(x, shape), NumberArray.ofFloats(y, shape));
        return topOne.agreement();
    }

    @Test
    void topOneCountsRowsOfTheLastAxis() {
        float[] x = {1, 2, 3, 9, 8, 7};
        assertThat(topOne(x, new float[] {0, 0, 1, 5, 6, 0}, 2, 3)).isEqualTo(0.5);
        assertThat(topOne(x, new float[] {0, 0, 1, 5, 6, 0}, 6)).isEqualTo(0);
        assertThat(topOne(new float[] {2, 2, 1}, new float[] {1, 2, 1}, 1, 3)).isEqualTo(1);
        assertThat(topOne(x, new float[] {0, NAN, 1, 9, 0, 0}, 2, 3)).isEqualTo(0.5);
        assertThat(topOne(new float[] {3}, new float[] {4})).isEqualTo(1);
        assertThat(topOne(new float[0], new float[0], 2, 0)).isEqualTo(1);
    }

    @Test
    void topOneOfIntegersIsEquality() {
        TopOne topOne = new TopOne();
        topOne.add(
                NumberArray.ofLongs(new long[] {4, 7, 9, 1}, 1, 4),
                NumberArray.ofLongs(new long[] {4, 8, 9, 0}, 1, 4));
        assertThat(topOne.agreement()).isEqualTo(0.5);
    }

    @Test
    void samplesAreFoldedOneByOne() {
        OutputAccumulator output = new OutputAccumulator("y");
        output.add(
                NumberArray.ofFloats(new float[] {1, 0}, 1, 2),
                NumberArray.ofFloats(new float[] {1, 0}, 1, 2));
        output.add(
                NumberArray.ofFloats(new float[] {0, 2}, 1, 2),
                NumberArray.ofFloats(new float[] {2, 0}, 1, 2));
        OutputError error = output.error();
        assertThat(error.cosineMean()).isEqualTo(0.5);
        assertThat(error.cosineMinimum()).isEqualTo(0);
        assertThat(error.sqnrDecibels()).isCloseTo(10 * Math.log10(5 / 8.0), within(ROUNDING));
        assertThat(error.maximumError()).isEqualTo(2);
        assertThat(error.topOneAgreement()).isEqualTo(0.5);
        assertThat(output.warnings()).isEmpty();
    }

    @Test
    void otherShapesAreNotComparedAndSaid() {
        OutputAccumulator output = new OutputAccumulator("boxes");
        output.add(
                NumberArray.ofFloats(new float[] {1, 0}, 1, 2),
                NumberArray.ofFloats(new float[] {1}, 1, 1));
        assertThat(output.isEmpty()).isTrue();
        assertThat(output.warnings())
                .singleElement()
                .asString()
                .contains("'boxes'", "float32[1, 2] and float32[1, 1]");
    }
}

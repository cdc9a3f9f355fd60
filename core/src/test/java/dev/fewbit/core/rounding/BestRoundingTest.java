package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.rounding.BestRounding.Candidate;

import org.junit.jupiter.api.Test;

import java.util.List;

class BestRoundingTest {

    private final WeightMatrix weights = Problems.weights(20, 30, 1);
    private final Hessian hessian = Problems.hessian(30, 2);
    private final AffineGrid grid = Problems.grid(weights, INT3, 30);
    private final RoundedMatrix nearest = RoundedMatrix.nearest(weights, grid);
    private final RoundedMatrix gptq =
            Gptq.round(weights, hessian, grid, GptqOptions.standard(), ALONE);
    private final RoundedMatrix largestFirst =
            Gptq.round(weights, hessian, grid, GptqOptions.largestFirst(), ALONE);

    @Test
    void theErrorIsTheTraceByDefinition() {
        double expected = 0;
        for (int row = 0; row < 20; row++) {
            for (int i = 0; i < 30; i++) {
                for (int j = 0; j < 30; j++) {
                    expected +=
                            ((double) weights.get(row, i) - nearest.value(row, i))
                                    * hessian.get(i, j)
                                    * ((double) weights.get(row, j) - nearest.value(row, j));
                }
            }
        }
        assertThat(WeightedError.of(weights, nearest, hessian, Workers.of(2)))
                .isCloseTo(expected, within(1e-12 * expected));
    }

    @Test
    void theLeastErrorWins() {
        BestRounding.Choice choice =
                BestRounding.of(
                        weights,
                        hessian,
                        List.of(
                                new Candidate("nearest", () -> nearest),
                                new Candidate("gptq", () -> gptq),
                                new Candidate("again", () -> gptq)),
                        ALONE);
        assertThat(choice.name()).isEqualTo("gptq");
        assertThat(choice.rounded()).isSameAs(gptq);
        assertThat(choice.errors()).containsOnlyKeys("nearest", "gptq", "again");
        assertThat(choice.errors().get("nearest")).isGreaterThan(choice.error());
        assertThatThrownBy(() -> BestRounding.of(weights, hessian, List.of(), ALONE))
                .hasMessageContaining("at least one");
        List<Candidate> twice =
                List.of(new Candidate("one", () -> nearest), new Candidate("one", () -> gptq));
        assertThatThrownBy(() -> BestRounding.of(weights, hessian, twice, ALONE))
                .hasMessageContaining("twice one");
    }

    @Test
    void everyRowComesFromWhoIsBestThere() {
        RoundedMatrix best =
                BestRounding.ofRows(weights, hessian, List.of(nearest, gptq, largestFirst), ALONE);
        double[] errors = WeightedError.ofRows(weights, best.toWeights(), hessian, ALONE);
        for (RoundedMatrix one : List.of(nearest, gptq, largestFirst)) {
            double[] others = WeightedError.ofRows(weights, one.toWeights(), hessian, ALONE);
            for (int row = 0; row < 20; row++) {
                assertThat(errors[row]).isLessThanOrEqualTo(others[row]);
            }
        }
        assertThat(best.codes()).isNotEqualTo(gptq.codes());
        RoundedMatrix other = RoundedMatrix.nearest(weights, Problems.grid(weights, INT3, 15));
        assertThatThrownBy(
                        () -> BestRounding.ofRows(weights, hessian, List.of(nearest, other), ALONE))
                .hasMessageContaining("one grid");
    }
}

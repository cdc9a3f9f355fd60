package dev.fewbit.core.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ActivationSmoothingTest {

    @Test
    void factorsAreTheFormulaUpToACommonOne() {
        float[] activations = {16, 1, 4, 64};
        float[] weights = {1, 1, 0.25f, 4};
        float[] factors = ActivationSmoothing.factors(activations, weights, 0.5);
        double product = 1;
        for (int j = 0; j < factors.length; j++) {
            double formula = Math.sqrt(activations[j] / weights[j]);
            double first = Math.sqrt(activations[0] / weights[0]);
            assertThat(factors[j] / factors[0]).isCloseTo((float) (formula / first), within(1e-6f));
            product *= factors[j];
        }
        assertThat(product).isCloseTo(1, within(1e-5));
    }

    @Test
    void theEndsOfTheStrengthMakeOneSideEven() {
        float[] activations = {3, 0.5f, 70};
        float[] weights = {0.2f, 1, 0.01f};
        float[] all = ActivationSmoothing.factors(activations, weights, 1);
        float[] none = ActivationSmoothing.factors(activations, weights, 0);
        for (int j = 1; j < 3; j++) {
            assertThat(activations[j] / all[j]).isCloseTo(activations[0] / all[0], within(1e-4f));
            assertThat(weights[j] * none[j]).isCloseTo(weights[0] * none[0], within(1e-6f));
        }
    }

    @Test
    void unusedChannelsStayAndExtremesAreLimited() {
        float[] factors =
                ActivationSmoothing.factors(
                        new float[] {0, 2, 1e30f, 1e-30f}, new float[] {1, 0, 1, 1}, 0.5);
        float most = (float) ActivationSmoothing.LARGEST_FACTOR;
        assertThat(factors).containsExactly(1, 1, most, 1 / most);
        assertThat(ActivationSmoothing.factors(new float[2], new float[2], 0.5))
                .containsExactly(1, 1);
    }

    @Test
    void badArgumentsAreRefused() {
        float[] one = {1};
        assertThatThrownBy(() -> ActivationSmoothing.factors(one, new float[2], 0.5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ActivationSmoothing.factors(one, one, 1.1))
                .hasMessageContaining("strength");
        assertThatThrownBy(() -> ActivationSmoothing.factors(new float[] {Float.NaN}, one, 0.5))
                .hasMessageContaining("finite");
    }
}

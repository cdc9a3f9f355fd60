package dev.fewbit.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class ActivationRangeTest {

    @Test
    void labelsAreReadBack() {
        List<ActivationRange> ranges =
                List.of(
                        new ActivationRange.MinMax(),
                        new ActivationRange.Percentile(99.99),
                        new ActivationRange.Percentile(100),
                        new ActivationRange.Percentile(99.99999),
                        new ActivationRange.Entropy(),
                        new ActivationRange.SquaredError());
        for (ActivationRange range : ranges) {
            assertThat(ActivationRange.of(range.label())).isEqualTo(range);
        }
        assertThat(new ActivationRange.Percentile(99.99).label()).isEqualTo("percentile:99.99");
        assertThat(new ActivationRange.Percentile(100).label()).isEqualTo("percentile:100");
    }

    @Test
    void otherLabelsAreRefused() {
        assertThatThrownBy(() -> ActivationRange.of("mse"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown range 'mse'")
                .hasMessageContaining("squared-error");
        for (String label :
                List.of("percentile:", "percentile:x", "percentile:0", "percentile:101")) {
            assertThatThrownBy(() -> ActivationRange.of(label))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("percentile");
        }
        assertThatThrownBy(() -> ActivationRange.of("percentile:NaN"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

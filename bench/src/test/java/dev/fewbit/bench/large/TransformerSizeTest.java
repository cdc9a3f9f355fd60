package dev.fewbit.bench.large;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerSizeTest {

    @ParameterizedTest
    @ValueSource(longs = {3_000_000, 40_000_000, 1_000_000_000, 4_000_000_000L, 70_000_000_000L})
    void meetsTheWantedSizeWithinHalfALayer(long bytes) {
        TransformerSize size = TransformerSize.ofBytes(bytes);

        long layer = size.layerWeights() * Float.BYTES;
        assertThat(size.weights() * Float.BYTES).isCloseTo(bytes, within(layer / 2 + layer / 8));
        assertThat(size.layers()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void fourGigabytesAreNineteenLayersOfALargeLanguageModel() {
        assertThat(TransformerSize.ofBytes(4_000_000_000L))
                .isEqualTo(new TransformerSize(16_384, 2048, 5440, 32, 19));
    }

    @Test
    void saysWhatTheSmallestSizeIs() {
        TransformerSize smallest = new TransformerSize(512, 64, 160, 1, 8);
        assertThatThrownBy(() -> TransformerSize.ofBytes(1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Long.toString(smallest.weights() * Float.BYTES))
                .hasMessageContaining("1000");
    }
}

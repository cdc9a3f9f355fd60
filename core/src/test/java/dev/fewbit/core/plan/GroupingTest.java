package dev.fewbit.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupingTest {
    @ParameterizedTest
    @ValueSource(strings = {"tensor", "channel", "block:32", "block:32,scales:8"})
    void readsWhatItWrites(String text) {
        assertThat(Grouping.parse(text)).hasToString(text);
    }

    @Test
    void changesOneThingAtATime() {
        Grouping twoLevels = Grouping.block(32).withScaleBits(8);
        assertThat(twoLevels.hasTwoLevels()).isTrue();
        assertThat(twoLevels.withSize(64)).isEqualTo(Grouping.parse("block:64,scales:8"));
        assertThat(twoLevels.withScaleBits(32)).isEqualTo(Grouping.block(32));
        assertThat(Grouping.CHANNEL.hasTwoLevels()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "row", "block:", "block:x", "block:32,scales:", "block:32,scale:8"})
    void refusesOtherWords(String text) {
        assertThatThrownBy(() -> Grouping.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected tensor, channel, block:N");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> Grouping.block(0)).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> Grouping.parse("block:32,scales:4"))
                .hasMessageContaining("32 bits, or 8");
        assertThatThrownBy(() -> Grouping.CHANNEL.withScaleBits(8))
                .hasMessageContaining("32 bits, or 8");
    }
}

package dev.fewbit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class TerminalTest {

    private static Terminal detect(
            Map<String, String> properties, Map<String, String> environment) {
        return Terminal.detect(properties::get, environment::get, () -> false);
    }

    @Test
    void theLauncherKnowsBest() {
        assertThat(
                        detect(
                                Map.of("fewbit.terminal", "out,err", "fewbit.columns", "132"),
                                Map.of("COLUMNS", "60")))
                .isEqualTo(new Terminal(true, true, 132, true));
        assertThat(detect(Map.of("fewbit.terminal", ",err", "fewbit.columns", ""), Map.of()))
                .isEqualTo(new Terminal(false, true, 80, true));
        assertThat(detect(Map.of("fewbit.terminal", "", "fewbit.columns", ""), Map.of()).output())
                .isFalse();
    }

    @Test
    void withoutALauncherTheConsoleDecides() {
        assertThat(Terminal.detect(name -> null, Map.of("COLUMNS", "60")::get, () -> true))
                .isEqualTo(new Terminal(true, true, 60, true));
        assertThat(Terminal.detect(name -> null, name -> null, () -> false))
                .isEqualTo(new Terminal(false, false, 80, true));
    }

    @Test
    void noColourIsRespected() {
        assertThat(detect(Map.of(), Map.of("NO_COLOR", "1")).colours()).isFalse();
        assertThat(detect(Map.of(), Map.of("NO_COLOR", "")).colours()).isTrue();
        assertThat(detect(Map.of(), Map.of("TERM", "dumb")).colours()).isFalse();
    }

    @Test
    void widthsThatMakeNoSenseAreMended() {
        assertThat(detect(Map.of(), Map.of("COLUMNS", "wide")).columns()).isEqualTo(80);
        assertThat(detect(Map.of(), Map.of("COLUMNS", "0")).columns()).isEqualTo(80);
        assertThat(detect(Map.of(), Map.of("COLUMNS", "-5")).columns()).isEqualTo(80);
        assertThat(detect(Map.of(), Map.of("COLUMNS", "3")).columns())
                .isEqualTo(Terminal.NARROWEST);
    }
}

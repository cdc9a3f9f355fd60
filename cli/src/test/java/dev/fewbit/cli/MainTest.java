package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void versionSucceeds() {
        assertThat(Main.run("--version")).isZero();
    }

    @Test
    void unknownOptionIsAUsageError() {
        assertThat(Main.run("--no-such-option")).isEqualTo(2);
    }
}

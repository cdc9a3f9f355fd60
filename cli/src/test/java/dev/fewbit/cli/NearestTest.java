package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class NearestTest {

    private static final List<String> OPTIONS =
            List.of("--recipe", "--report", "--block", "--data", "--plan", "-o", "--output", "-h");

    @Test
    void smallSlipsAreUnderstood() {
        assertThat(Nearest.to("--recpie", OPTIONS)).contains("--recipe");
        assertThat(Nearest.to("--dta", OPTIONS)).contains("--data");
        assertThat(Nearest.to("--blokc", OPTIONS)).contains("--block");
        assertThat(Nearest.to("--rec", OPTIONS)).contains("--recipe");
        assertThat(Nearest.to("quantise", List.of("inspect", "quantize"))).contains("quantize");
    }

    @Test
    void somethingElseIsNotGuessedAt() {
        assertThat(Nearest.to("--foo", OPTIONS)).isEmpty();
        assertThat(Nearest.to("-x", OPTIONS)).isEmpty();
        assertThat(Nearest.to("model.onnx", List.of("inspect", "quantize"))).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }
}

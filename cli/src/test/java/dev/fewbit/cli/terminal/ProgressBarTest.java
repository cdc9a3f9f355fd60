package dev.fewbit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class ProgressBarTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void after(long millis) {
        now += millis * 1_000_000;
    }

    @Test
    void quickWorkShowsNothing() {
        try (ProgressBar bar = new ProgressBar(stream, 80, true, () -> now)) {
            for (int i = 0; i <= 100; i++) {
                after(1);
                bar.update("quick", i, 100);
            }
        }
        assertThat(written()).isEmpty();
    }

    @Test
    void longWorkShowsABarAndLeavesNothingBehind() {
        try (ProgressBar bar = new ProgressBar(stream, 60, false, () -> now)) {
            after(300);
            bar.update("quantizing", 45, 100);
            assertThat(written())
                    .contains("quantizing")
                    .contains(" 45 %")
                    .contains("━")
                    .contains("─");
        }
        assertThat(written()).endsWith("\r\u001b[2K");
    }

    @Test
    void itRedrawsAFewTimesASecondOnly() {
        try (ProgressBar bar = new ProgressBar(stream, 60, false, () -> now)) {
            after(300);
            for (int i = 0; i < 1000; i++) {
                after(1);
                bar.update("stage", i, 1000);
            }
        }
        assertThat(written().chars().filter(c -> c == '%').count()).isBetween(8L, 14L);
    }

    @Test
    void noLineReachesTheEdgeOfTheTerminal() {
        for (int columns : new int[] {20, 40, 80, 160}) {
            bytes.reset();
            try (ProgressBar bar = new ProgressBar(stream, columns, false, () -> now)) {
                for (long total : new long[] {0, 7, 1000}) {
                    after(300);
                    bar.update(
                            "a stage with a name that is longer than most of the terminals",
                            7,
                            total);
                }
            }
            List<String> frames = new ArrayList<>(List.of(written().split("\r")));
            assertThat(frames)
                    .hasSizeGreaterThan(3)
                    .allMatch(
                            frame ->
                                    Printable.width(frame.replaceAll("\u001b\\[[0-9]*K", ""))
                                            < columns);
        }
    }

    @Test
    void whatIsNotCountedShowsSeconds() {
        try (ProgressBar bar = new ProgressBar(stream, 80, false, () -> now)) {
            after(4200);
            bar.update("fetching", 0, 0);
        }
        assertThat(written()).contains("fetching 4 s");
    }

    @Test
    void updatesAfterTheEndAreIgnored() {
        ProgressBar bar = new ProgressBar(stream, 80, false, () -> now);
        bar.close();
        after(1000);
        bar.update("late", 1, 2);
        assertThat(written()).isEmpty();
    }
}

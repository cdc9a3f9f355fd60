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

    /** What is seen after the last update. */
    private String shown() {
        String text = written();
        return text.substring(text.lastIndexOf('\r') + 1).replace("\u001b[K", "");
    }

    private void steps(ProgressBar bar, String stage, int from, int to, int total, long millis) {
        for (int i = from; i <= to; i++) {
            after(millis);
            bar.update(stage, i, total);
        }
    }

    @Test
    void theTimeThatIsLeftIsShownOnceThePaceIsKnown() {
        try (ProgressBar bar = new ProgressBar(stream, 80, false, () -> now)) {
            bar.update("measuring", 0, 100);
            steps(bar, "measuring", 1, 2, 100, 1000);
            assertThat(shown()).contains("  2 %").doesNotContain("left");
            steps(bar, "measuring", 3, 20, 100, 1000);
            assertThat(shown()).endsWith(" 20 %  ~1:20 left");
            steps(bar, "measuring", 21, 91, 100, 1000);
            assertThat(shown()).endsWith(" 91 %  ~0:09 left");
            steps(bar, "measuring", 92, 100, 100, 1000);
            assertThat(shown()).endsWith("100 %");
        }
    }

    @Test
    void anotherStageHasItsOwnPace() {
        try (ProgressBar bar = new ProgressBar(stream, 80, false, () -> now)) {
            bar.update("sizing", 0, 100);
            steps(bar, "sizing", 1, 10, 100, 1000);
            assertThat(shown()).contains("~1:30 left");
            // Of these, 400 were done on another day.
            after(1000);
            bar.update("measuring", 400, 500);
            assertThat(shown()).endsWith(" 80 %");
            steps(bar, "measuring", 401, 401, 500, 2000);
            assertThat(shown()).doesNotContain("left");
            steps(bar, "measuring", 402, 410, 500, 2000);
            assertThat(shown()).contains("~3:00 left");
        }
    }

    @Test
    void oneSlowStepDoesNotMakeTheTimeLeap() {
        try (ProgressBar bar = new ProgressBar(stream, 80, false, () -> now)) {
            bar.update("measuring", 0, 200);
            steps(bar, "measuring", 1, 100, 200, 1000);
            assertThat(shown()).contains("~1:40 left");
            steps(bar, "measuring", 101, 101, 200, 5000);
            // Four seconds more among some 45 that count.
            assertThat(shown()).contains("~1:50 left");
            // Nothing is done yet, and a second has gone by.
            after(1000);
            bar.update("measuring", 101, 200);
            assertThat(shown()).contains("~1:45 left");
        }
    }

    @Test
    void whatIsNotCountedHasNoEnd() {
        try (ProgressBar bar = new ProgressBar(stream, 80, false, () -> now)) {
            steps(bar, "fetching", 0, 20, 0, 1000);
        }
        assertThat(written()).doesNotContain("left");
    }

    @Test
    void narrowTerminalsShowTheStageBeforeTheTime() {
        String stage = "rounding layer after layer";
        for (int columns : new int[] {20, 40, 50, 60, 80}) {
            bytes.reset();
            now = 0;
            try (ProgressBar bar = new ProgressBar(stream, columns, false, () -> now)) {
                bar.update(stage, 0, 100);
                steps(bar, stage, 1, 10, 100, 1000);
                String last = shown();
                assertThat(Printable.width(last)).isLessThan(columns);
                assertThat(last.contains("left")).isEqualTo(columns >= 60);
                assertThat(last).startsWith(columns >= 50 ? "rounding" : "r");
            }
        }
    }

    @Test
    void longTimesAreToldInHours() {
        assertThat(TimeLeft.words(0.2)).isEqualTo("~0:01 left");
        assertThat(TimeLeft.words(59.6)).isEqualTo("~1:00 left");
        assertThat(TimeLeft.words(63)).isEqualTo("~1:05 left");
        assertThat(TimeLeft.words(3599)).isEqualTo("~1:00 h left");
        assertThat(TimeLeft.words(7530)).isEqualTo("~2:06 h left");
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

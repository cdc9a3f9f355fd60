package dev.fewbit.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.WeightHistogram;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

class HistogramsTest {

    @Test
    void emptyEndsAreCutAndBinsMerged() {
        WeightHistogram histogram =
                new WeightHistogram(-4, 0.5, List.of(0L, 0L, 1L, 2L, 3L, 4L, 5L, 0L), List.of());
        assertThat(DrawnHistogram.of(histogram, 5))
                .isEqualTo(new DrawnHistogram(-3, 0.5, List.of(1L, 2L, 3L, 4L, 5L), List.of()));
        assertThat(DrawnHistogram.of(histogram, 3))
                .isEqualTo(new DrawnHistogram(-3, 1, List.of(3L, 7L, 5L), List.of()));
    }

    @Test
    void mergingKeepsTheTotal() {
        List<Long> counts = LongStream.rangeClosed(1, 1001).boxed().toList();
        for (int most : new int[] {1, 2, 40, 160, 1000, 1001, 5000}) {
            DrawnHistogram drawn =
                    DrawnHistogram.of(new WeightHistogram(0, 1, counts, List.of()), most);
            assertThat(drawn).isNotNull();
            assertThat(drawn.bins()).hasSizeLessThanOrEqualTo(most);
            assertThat(LongStream.of(drawn.counts()).sum()).isEqualTo(1001 * 1002 / 2);
        }
    }

    @Test
    void whatCannotBeDrawnIsNoHistogram() {
        assertThat(DrawnHistogram.of(null, 10)).isNull();
        assertThat(DrawnHistogram.of(new WeightHistogram(0, 1, List.of(), List.of()), 10)).isNull();
        assertThat(DrawnHistogram.of(new WeightHistogram(0, 1, List.of(0L, 0L), List.of()), 10))
                .isNull();
        assertThat(DrawnHistogram.of(new WeightHistogram(0, 0, List.of(1L), List.of()), 10))
                .isNull();
        assertThat(
                        DrawnHistogram.of(
                                new WeightHistogram(Double.NaN, 1, List.of(1L), List.of()), 10))
                .isNull();
    }

    @Test
    void evenLevelsAreToldFromUneven() {
        assertThat(Levels.evenlySpaced(List.of(-2f, -1f, 0f, 1f))).isTrue();
        assertThat(Levels.evenlySpaced(List.of(-2f, -1f, 0f, 1.05f))).isFalse();
        assertThat(Levels.evenlySpaced(List.of(0f, 1f))).isFalse();
        assertThat(Levels.evenlySpaced(List.of(1f, 1f, 1f))).isFalse();
        assertThat(Levels.evenlySpaced(List.of(0f, Float.NaN, 2f))).isFalse();
        // 16 bits of a float grid: rounding moves each level a little, not the picture.
        float scale = 1.7e-5f;
        assertThat(
                        Levels.evenlySpaced(
                                Stream.iterate(-32768, code -> code + 1)
                                        .limit(65536)
                                        .map(code -> code * scale)
                                        .toList()))
                .isTrue();
    }

    @Test
    void aSparkIsOneClosedOutline() {
        HtmlWriter html = new HtmlWriter();
        Histograms.spark(
                html, new WeightHistogram(0, 1, List.of(1L, 100L, 100L, 0L, 1L), List.of()));
        // Heights are square roots of counts, 19 for the highest and at least 1 for any.
        assertThat(html.finish()).contains("d=\"M0 20V18h1V1h2V20h1V18h1V20z\"");
    }
}

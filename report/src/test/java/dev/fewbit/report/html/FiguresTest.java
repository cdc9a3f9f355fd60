package dev.fewbit.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class FiguresTest {

    @Test
    void bytesHaveThreeDigitsAndAUnit() {
        assertThat(Figures.bytes(0)).isEqualTo("0\u00A0B");
        assertThat(Figures.bytes(999)).isEqualTo("999\u00A0B");
        assertThat(Figures.bytes(1000)).isEqualTo("1.00\u00A0kB");
        assertThat(Figures.bytes(999_499)).isEqualTo("999\u00A0kB");
        // Not 1000 kB: what rounds up to the next unit is said in it.
        assertThat(Figures.bytes(999_500)).isEqualTo("1.00\u00A0MB");
        assertThat(Figures.bytes(23_100_000)).isEqualTo("23.1\u00A0MB");
        assertThat(Figures.bytes(Long.MAX_VALUE)).isEqualTo("9.22\u00A0EB");
    }

    @Test
    void numbersInSentencesKeepTheirUnits() {
        assertThat(Figures.unbroken("3 bits, 1.9 MB to 546.8 kB, 55.0 % of rows, 3 samples"))
                .isEqualTo("3 bits, 1.9\u00A0MB to 546.8\u00A0kB, 55.0\u00A0% of rows, 3 samples");
    }

    @Test
    void decibelsSayWhatHasNoNumber() {
        assertThat(Figures.decibels(38.24)).isEqualTo("38.2\u00A0dB");
        assertThat(Figures.decibels(-3.04)).isEqualTo("\u22123.0\u00A0dB");
        assertThat(Figures.decibels(Double.POSITIVE_INFINITY)).isEqualTo("exact");
        assertThat(Figures.decibels(Double.NEGATIVE_INFINITY)).isEqualTo("\u2212\u221E\u00A0dB");
        assertThat(Figures.decibels(Double.NaN)).isEqualTo("not a number");
    }

    @Test
    void aCosineNearOneIsNotRoundedToOne() {
        assertThat(Figures.cosine(0.99352)).isEqualTo("0.9935");
        assertThat(Figures.cosine(0.99998)).isEqualTo("0.999980");
        assertThat(Figures.cosine(1)).isEqualTo("1");
        assertThat(Figures.cosine(-0.25)).isEqualTo("\u22120.2500");
    }

    @Test
    void aShareBelowAllIsNotRoundedToAll() {
        assertThat(Figures.percent(0.964)).isEqualTo("96.4\u00A0%");
        assertThat(Figures.percent(0.99999)).isEqualTo(">99.9\u00A0%");
        assertThat(Figures.percent(1)).isEqualTo("100\u00A0%");
        assertThat(Figures.percent(Double.NaN)).isEqualTo("not a number");
    }

    @Test
    void numbersKeepThreeDigits() {
        assertThat(Figures.number(0)).isEqualTo("0");
        assertThat(Figures.number(0.41234)).isEqualTo("0.412");
        assertThat(Figures.number(-12345.6)).isEqualTo("\u221212346");
        assertThat(Figures.number(1.234e-5)).isEqualTo("1.23e\u221205");
        assertThat(Figures.millis(61)).isEqualTo("61.0\u00A0ms");
        assertThat(Figures.millis(12_345)).isEqualTo("12.3\u00A0s");
        assertThat(Figures.millis(Double.NaN)).isEqualTo("not measured");
        assertThat(Figures.count(22_713_216)).isEqualTo("22,713,216");
        assertThat(Figures.shape(List.of())).isEqualTo("scalar");
    }

    @Test
    void plainNumbersAreThoseOfJson() {
        assertThat(Figures.plain(0.1, 7)).isEqualTo("0.1");
        assertThat(Figures.plain(0, 7)).isEqualTo("0");
        assertThat(Double.parseDouble(Figures.plain(1.23456789e-30, 7))).isEqualTo(1.234568e-30);
        assertThat(Double.parseDouble(Figures.plain(5e20, 3))).isEqualTo(5e20);
    }

    @Test
    void changesAreSaidInWords() {
        assertThat(Change.of(90.9, 23.1, "smaller", "larger"))
                .isEqualTo(new Change("3.9\u00D7 smaller", Change.Tone.GOOD));
        assertThat(Change.of(10, 14, "faster", "slower"))
                .isEqualTo(new Change("1.40\u00D7 slower", Change.Tone.BAD));
        assertThat(Change.of(100, 101, "smaller", "larger").words()).isEqualTo("about the same");
        assertThat(Change.of(0, 1, "smaller", "larger").words()).isEqualTo("not measured");
        assertThat(Change.of(-1, -1, "less", "more").words()).isEqualTo("not measured");
        assertThat(Change.of(Double.NaN, 1, "less", "more").words()).isEqualTo("not measured");
    }

    @Test
    void decibelsAreExplainedAsAShare() {
        assertThat(Decibels.inWords(20)).contains("10\u00A0%");
        assertThat(Decibels.inWords(40)).contains("1.0\u00A0%");
        assertThat(Decibels.inWords(-2)).contains("as large as the values");
        assertThat(Decibels.inWords(Double.POSITIVE_INFINITY)).contains("exactly the same");
    }

    @Test
    void roundNumbersAreShort() {
        assertThat(Figures.round(0.05)).isEqualTo("0.05");
        assertThat(Figures.round(200)).isEqualTo("200");
        assertThat(Figures.round(1e-4)).isEqualTo("0.0001");
        assertThat(Figures.round(2e-6)).isEqualTo("2e\u22126");
        assertThat(Figures.round(-5e7)).isEqualTo("\u22125e7");
        assertThat(Figures.round(0)).isEqualTo("0");
    }
}

package dev.fewbit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

class NumbersTest {

    @Test
    void fixedDecimalsAgreeWithDecimalArithmetic() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 5000; round++) {
            int decimals = random.nextInt(0, 7);
            // A whole number of quarters of the last digit: exact in binary where decimals is 0,
            // and
            // otherwise so far from a tie that the product's rounding error cannot decide.
            double value = random.nextInt(-1_000_000, 1_000_000) / 7.0;
            String expected =
                    new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
            if (new BigDecimal(expected).signum() == 0) {
                expected = expected.replace("-", "");
            }
            assertThat(Numbers.fixed(value, decimals)).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotFiniteHasAName() {
        assertThat(Numbers.fixed(Double.NaN, 2)).isEqualTo("nan");
        assertThat(Numbers.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("inf");
        assertThat(Numbers.fixed(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-inf");
        assertThat(Numbers.fixed(1e300, 2)).isEqualTo("1.0E300");
        assertThat(Numbers.decibels(Double.POSITIVE_INFINITY)).isEqualTo("exact");
        assertThat(Numbers.fixed(-0.0004, 2)).isEqualTo("0.00");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9995, 10.0 kB",
        "99949, 99.9 kB",
        "99950, 100 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "90387606, 90.4 MB",
        "23100000, 23.1 MB",
        "4294967296, 4.29 GB",
        "9223372036854775807, 9.22 EB"
    })
    void sizesHaveThreeDigits(long bytes, String expected) {
        assertThat(Numbers.bytes(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0431, 0.0431",
        "-0.7123, -0.712",
        "12.345, 12.3",
        "123.4, 123",
        "1.5e-7, 1.50e-7",
        "9.999e8, 1.00e9",
        "0.00123, 0.00123",
        "0, 0"
    })
    void significantDigits(double value, String expected) {
        assertThat(Numbers.significant(value)).isEqualTo(expected);
    }

    @Test
    void words() {
        assertThat(Numbers.count(22565376)).isEqualTo("22,565,376");
        assertThat(Numbers.count(-1234)).isEqualTo("-1,234");
        assertThat(Numbers.count(999)).isEqualTo("999");
        assertThat(Numbers.counted(1, "tensor")).isEqualTo("1 tensor");
        assertThat(Numbers.counted(1000, "tensor")).isEqualTo("1,000 tensors");
        assertThat(Numbers.times(3.9049)).isEqualTo("3.90x");
        assertThat(Numbers.percent(0.9411)).isEqualTo("94.1 %");
        assertThat(Numbers.millis(0.1234)).isEqualTo("0.123 ms");
        assertThat(Numbers.millis(12.34)).isEqualTo("12.3 ms");
        assertThat(Numbers.seconds(Duration.ofMillis(380))).isEqualTo("0.38 s");
        assertThat(Numbers.seconds(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThat(Numbers.shape(List.of(384L, 1536L))).isEqualTo("384x1536");
        assertThat(Numbers.shape(List.of())).isEqualTo("scalar");
    }
}

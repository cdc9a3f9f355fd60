package dev.fewbit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource({
        "190000, 190000",
        "190000B, 190000",
        "190KB, 190000",
        "190 KB, 190000",
        "190 kB, 190000",
        "12mb, 12000000",
        "4mib, 4194304",
        "190K, 190000",
        "1.5KB, 1500",
        "12MB, 12000000",
        "0.5GB, 500000000",
        "4KiB, 4096",
        "4MiB, 4194304",
        "1GiB, 1073741824",
        "0.0005KB, 0"
    })
    void sizesAreDecimalUnlessTheySayOtherwise(String text, long bytes) {
        Amount amount = Amount.size("--max-size", text);
        assertThat(amount.isShare()).isFalse();
        assertThat(amount.of(77)).isEqualTo(bytes);
    }

    // Exact: each is one correctly rounded division, as in the source of the test.
    @ParameterizedTest
    @CsvSource({
        "2s, 2",
        "0.5s, 0.5",
        "1.2ms, 0.0012",
        "1.2 ms, 0.0012",
        "300us, 0.0003",
        "300\u00b5s, 0.0003",
        "300\u03bcs, 0.0003",
        "7ns, 7e-9"
    })
    void timesAreSeconds(String text, double seconds) {
        assertThat(Amount.time("--max-latency", text)).isEqualTo(new Amount(seconds, false));
    }

    @Test
    void sharesAreOfAWhole() {
        Amount share = Amount.size("--max-size", "30%");
        assertThat(share).isEqualTo(new Amount(0.3, true));
        assertThat(share.of(1000)).isEqualTo(300);
        assertThat(share.of(1001)).isEqualTo(300);
        assertThat(Amount.size("--max-size", "12.5%").of(80)).isEqualTo(10);
        assertThat(Amount.size("--max-size", "150%").of(80)).isEqualTo(120);
        assertThat(Amount.time("--max-latency", "50%")).isEqualTo(new Amount(0.5, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "MB", "-3KB", "1e3", "12XB", "i", "4iMB", "1,5MB", ".5MB", "5.", "3 0%", "12ms"
            })
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> Amount.size("--max-size", text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--max-size takes a size such as 12MB")
                .hasMessageEndingWith("got '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ms", "12", "-1ms", "1h", "1MB", "1.ms", "fast"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Amount.time("--max-latency", text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--max-latency takes a time such as 1.2ms")
                .hasMessageEndingWith("got '" + text + "'");
    }

    @Test
    void nothingIsNoLimit() {
        for (String size : new String[] {"0", "0MB", "0.0%"}) {
            assertThatThrownBy(() -> Amount.size("--max-size", size))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("--max-size takes more than nothing, got '" + size + "'");
        }
        assertThatThrownBy(() -> Amount.time("--max-latency", "0s"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("more than nothing");
    }
}

package dev.fewbit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class PrintableTest {

    @Test
    void controlCharactersCannotReachTheTerminal() {
        assertThat(Printable.of("a\u001b[2Jb")).isEqualTo("a\\u001b[2Jb");
        assertThat(Printable.of("line\nline\ttab\r")).isEqualTo("line\\u000aline\\u0009tab\\u000d");
        assertThat(Printable.of("\u009b31m")).isEqualTo("\\u009b31m");
        assertThat(Printable.of("right\u202eleft")).isEqualTo("right\\u202eleft");
        assertThat(Printable.of("half \ud83d")).isEqualTo("half \\ud83d");
    }

    @Test
    void ordinaryTextStaysTheSameObject() {
        String text = "/encoder/层.0/größe:0 😀";
        assertThat(Printable.of(text)).isEqualTo(text);
        assertThat(Printable.of("plain")).isSameAs("plain");
    }

    @Test
    void theMiddleIsLeftOut() {
        assertThat(Printable.shortened("encoder.layer.0.weight", 22))
                .isEqualTo("encoder.layer.0.weight");
        assertThat(Printable.shortened("encoder.layer.0.weight", 12)).isEqualTo("encod…weight");
        assertThat(Printable.shortened("abc", 1)).isEqualTo("…");
    }

    @Test
    void aShortenedTextHasTheWidthAskedForAndNoHalfCharacters() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(1, 40);
            for (int i = 0; i < length; i++) {
                text.appendCodePoint(
                        random.nextBoolean()
                                ? 'a' + random.nextInt(26)
                                : 0x1f600 + random.nextInt(60));
            }
            int width = random.nextInt(1, 40);
            String shortened = Printable.shortened(text.toString(), width);
            assertThat(Printable.width(shortened)).isEqualTo(Math.min(width, length));
            assertThat(Printable.of(shortened)).isEqualTo(shortened);
        }
    }

    @Test
    void wrappingKeepsTheWordsAndTheWidth() {
        String text = "the quick brown fox jumps over a lazy dog and an extraordinarilylongword";
        for (int width = 5; width < 80; width++) {
            int limit = width;
            assertThat(Printable.wrapped(text, width))
                    .allMatch(line -> Printable.width(line) <= limit);
            assertThat(String.join("", Printable.wrapped(text, width)).replace(" ", ""))
                    .isEqualTo(text.replace(" ", ""));
        }
        for (int width = 23; width < 80; width++) {
            assertThat(String.join(" ", Printable.wrapped(text, width))).isEqualTo(text);
        }
    }
}

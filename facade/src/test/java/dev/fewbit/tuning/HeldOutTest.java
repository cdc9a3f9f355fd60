package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class HeldOutTest {

    /** Samples that know how many they are, or do not. */
    private record Numbered(int size, boolean known) implements Samples {
        @Override
        public String description() {
            return "numbers";
        }

        @Override
        public boolean random() {
            return false;
        }

        @Override
        public OptionalLong count() {
            return known ? OptionalLong.of(size) : OptionalLong.empty();
        }

        @Override
        public void visit(SampleVisitor visitor) throws IOException {
            for (int i = 0; i < size; i++) {
                if (!visitor.visit(new Sample(i, Map.of(), Optional.empty()))) {
                    return;
                }
            }
        }

        @Override
        public List<String> warnings() {
            return List.of("a warning");
        }

        @Override
        public void close() {
            throw new AssertionError("they belong to the test");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "63, 0", "64, 16", "100, 25", "128, 32", "5000, 32"})
    void aQuarterIsHeldOutUpToWhatIsWanted(int size, int expected) throws IOException {
        assertThat(HeldOut.count(new Numbered(size, true), 32)).isEqualTo(expected);
        assertThat(HeldOut.count(new Numbered(size, false), 32)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRestIsWhatFollows(boolean known) throws IOException {
        List<Long> seen = new ArrayList<>();
        try (Samples rest = HeldOut.rest(new Numbered(10, known), 7)) {
            assertThat(rest.count()).isEqualTo(known ? OptionalLong.of(3) : OptionalLong.empty());
            assertThat(rest.warnings()).containsExactly("a warning");
            rest.visit(sample -> seen.add(sample.index()));
            assertThat(rest.first(2)).extracting(Sample::index).containsExactly(7L, 8L);
        }
        assertThat(seen).containsExactly(7L, 8L, 9L);
    }

    @Test
    void nothingIsHeldOutOfFew() throws IOException {
        Numbered all = new Numbered(10, true);
        assertThat(HeldOut.rest(all, HeldOut.count(all, 32))).isSameAs(all);
    }
}

package dev.fewbit.runtime.data;

import static dev.fewbit.runtime.data.Fixtures.input;
import static dev.fewbit.runtime.data.Fixtures.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class NpzTest {

    private static final ModelInputs FLOATS = inputs(input("x", NumberType.FLOAT32, -1, 2, 3));

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz", "column_major.npz"})
    void readsArraysAndLabels(String name) throws IOException {
        try (Samples samples = DataFiles.open(Fixtures.file(name), FLOATS)) {
            assertThat(samples.description()).isEqualTo(name);
            for (int time = 0; time < 2; time++) {
                List<Sample> read = samples.first(10);
                assertThat(read).hasSize(4);
                for (int row = 0; row < 4; row++) {
                    Sample sample = read.get(row);
                    assertThat(Fixtures.values(sample.inputs().get("x")))
                            .containsExactly(Fixtures.ramp(row));
                    long number = new long[] {3, 1, 2, 0}[row];
                    assertThat(sample.label()).contains(new Label.Classes(List.of(number)));
                }
            }
        }
    }

    @Test
    void convertsBigEndianDoubles() throws IOException {
        try (Samples samples = DataFiles.open(Fixtures.file("big_endian.npz"), FLOATS)) {
            assertThat(Fixtures.values(samples.first(4).getLast().inputs().get("x")))
                    .containsExactly(Fixtures.ramp(3));
        }
    }

    @Test
    void labelsThatAreNoNumbersAreLeftOut() throws IOException {
        try (Samples samples = DataFiles.open(Fixtures.file("text_labels.npz"), FLOATS)) {
            assertThat(samples.first(1).getFirst().label()).isEmpty();
        }
    }

    @Test
    void derivesWhatTokenizersOmitAndSaysSo() throws IOException {
        ModelInputs tokens =
                inputs(
                        input("input_ids", NumberType.INT64, -1, -1),
                        input("attention_mask", NumberType.FLOAT32, -1, -1),
                        input("token_type_ids", NumberType.INT32, -1, -1),
                        input("position_ids", NumberType.INT64, -1, -1));
        try (Samples samples = DataFiles.open(Fixtures.file("tokens.npz"), tokens)) {
            Sample sample = samples.first(2).getLast();
            assertThat(Fixtures.values(sample.inputs().get("input_ids")))
                    .containsExactly(4, 5, 6, 7);
            assertThat(Fixtures.values(sample.inputs().get("attention_mask")))
                    .containsExactly(1, 1, 1, 1);
            assertThat(Fixtures.values(sample.inputs().get("token_type_ids")))
                    .containsExactly(0, 0, 0, 0);
            assertThat(Fixtures.values(sample.inputs().get("position_ids")))
                    .containsExactly(0, 1, 2, 3);
            assertThat(sample.inputs().get("token_type_ids").type()).isEqualTo(NumberType.INT32);
            assertThat(samples.warnings()).hasSize(3);
        }
    }

    @Test
    void namesTheMissingInputAndWhatIsThere() throws IOException {
        ModelInputs two =
                inputs(
                        input("x", NumberType.FLOAT32, -1, 2, 3),
                        input("weights", NumberType.FLOAT32, -1, 5));
        try (Samples samples = DataFiles.open(Fixtures.file("stored.npz"), two)) {
            assertThatThrownBy(() -> samples.first(1))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("'weights' (float32[free, 5]) is missing")
                    .hasMessageContaining("[x]");
        }
        assertThatThrownBy(() -> DataFiles.open(Fixtures.file("no_input.npz"), two))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining("[a, b]")
                .hasMessageContaining("weights");
    }

    @Test
    void refusesUnequalNumbersOfRows() {
        ModelInputs two =
                inputs(
                        input("x", NumberType.FLOAT32, -1, 2, 3),
                        input("y", NumberType.FLOAT32, -1, 2));
        assertThatThrownBy(() -> DataFiles.open(Fixtures.file("unequal.npz"), two))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining("3 rows")
                .hasMessageContaining("4");
    }

    @Test
    void refusesLossyIntegers() throws IOException {
        ModelInputs bytes = inputs(input("x", NumberType.BOOL, -1, 2, 3));
        try (Samples samples = DataFiles.open(Fixtures.file("stored.npz"), bytes)) {
            assertThatThrownBy(() -> samples.first(1))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("without loss")
                    .hasMessageContaining("element 2 is 2.0, outside bool");
        }
    }

    /** Any byte of an archive may be wrong: the answer is samples or an exception that says so. */
    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz", "column_major.npz"})
    void survivesCorruption(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.file(name));
        Path file = folder.resolve(name);
        int refused = 0;
        for (int at = 0; at < whole.length; at += 3) {
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) 0x55;
            refused += refuses(Files.write(file, bytes)) ? 1 : 0;
            refused += refuses(Files.write(file, Arrays.copyOf(whole, at + 1))) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(whole.length / 3);
    }

    private static boolean refuses(Path file) {
        try (Samples samples = DataFiles.open(file, FLOATS)) {
            samples.first(10);
            return false;
        } catch (IOException refusal) {
            assertThat(refusal).hasMessageContaining(file.getFileName().toString());
            return true;
        }
    }
}

package dev.fewbit.runtime.data;

import static dev.fewbit.runtime.data.Fixtures.input;
import static dev.fewbit.runtime.data.Fixtures.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class JsonlTest {

    private static final ModelInputs TOKENS =
            inputs(
                    input("input_ids", NumberType.INT64, -1, -1),
                    input("attention_mask", NumberType.INT64, -1, -1));

    @TempDir private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data.jsonl"), text);
    }

    @Test
    void linesMayDifferInLengthAndLackTheBatchAxis() throws IOException {
        Path file =
                file(
                        """
                        {"input_ids": [101, 7, 102], "text": "a \\u00e9 \\" b", "score": {"x": [1]}}

                        {"input_ids": [[101, 102]], "attention_mask": [[1, 0]], "label": 4}
                        """);
        try (Samples samples = DataFiles.open(file, TOKENS)) {
            List<Sample> read = samples.first(5);
            assertThat(read).hasSize(2);
            assertThat(read.get(0).inputs().get("input_ids").shape()).containsExactly(1, 3);
            assertThat(Fixtures.values(read.get(0).inputs().get("attention_mask")))
                    .containsExactly(1, 1, 1);
            assertThat(read.get(0).label()).isEmpty();
            assertThat(Fixtures.values(read.get(1).inputs().get("attention_mask")))
                    .containsExactly(1, 0);
            assertThat(read.get(1).label()).contains(new Label.Classes(List.of(4L)));
            assertThat(read.get(1).index()).isEqualTo(1);
            assertThat(samples.count()).isEmpty();
        }
    }

    @Test
    void readsNumbersOfEveryForm() throws IOException {
        Path file = file("{\"x\": [[-0, 1.5e-3, NaN], [Infinity, -Infinity, 9007199254740993]]}\n");
        ModelInputs doubles = inputs(input("x", NumberType.FLOAT64, 2, 3));
        try (Samples samples = DataFiles.open(file, doubles)) {
            assertThat(Fixtures.values(samples.first(1).getFirst().inputs().get("x")))
                    .containsExactly(
                            0,
                            1.5e-3,
                            Double.NaN,
                            Double.POSITIVE_INFINITY,
                            Double.NEGATIVE_INFINITY,
                            9007199254740992.0);
        }
    }

    @Test
    void integersKeepAllTheirBits() throws IOException {
        Path file = file("{\"x\": [9007199254740993, -7]}");
        ModelInputs longs = inputs(input("x", NumberType.INT64, -1));
        try (Samples samples = DataFiles.open(file, longs)) {
            NumberArray x = samples.first(1).getFirst().inputs().get("x");
            assertThat(x.longAt(0)).isEqualTo(9007199254740993L);
            assertThat(x.longAt(1)).isEqualTo(-7);
        }
    }

    @Test
    void takesTruthValuesAndScalars() throws IOException {
        Path file = file("\ufeff{\"flag\": [true, false], \"gain\": 2}");
        ModelInputs mixed =
                inputs(
                        input("flag", NumberType.BOOL, -1, 2),
                        input("gain", NumberType.FLOAT32, -1));
        try (Samples samples = DataFiles.open(file, mixed)) {
            Sample sample = samples.first(1).getFirst();
            assertThat(Fixtures.values(sample.inputs().get("flag"))).containsExactly(1, 0);
            assertThat(sample.inputs().get("gain").shape()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"input_ids\": [1, [2]]}; different depths",
                "{\"input_ids\": [[1, 2], [3]]}; of 2 and of 1 elements",
                "{\"input_ids\": [1, 2]; the text ends inside an object",
                "{\"input_ids\": [1, 2,]}; value is expected",
                "{\"input_ids\": [1 2]}; ',' is expected",
                "{\"input_ids\": [1d]}; '1d' is not a number",
                "{\"input_ids\": [--1]}; '--1' is not a number",
                "{\"input_ids\": \"abc\"}; a number or a list",
                "{\"input_ids\": null}; a number or a list",
                "{\"input_ids\": [1.5]}; element 0 is 1.5, outside int64",
                "{\"input_ids\": [[[1]]]}; takes int64[free, free], got int64[1, 1, 1]",
                "{\"tokens\": [1]}; 'input_ids' (int64[free, free]) is missing",
                "{\"input_ids\": [1]} {}; goes on after the object",
                "[1, 2]; an object is expected",
                "hello; a",
            })
    void refusesMalformedLinesAndNamesThem(String line, String words) throws IOException {
        Path file = file("{\"input_ids\": [1]}\n" + line + "\n");
        try (Samples samples = DataFiles.open(file, TOKENS)) {
            assertThat(samples.first(1)).hasSize(1);
            assertThatThrownBy(() -> samples.first(2))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("line 2")
                    .hasMessageContaining(words.strip());
        }
    }

    @Test
    void refusesDeepNestingWithoutExhaustingTheStack() throws IOException {
        for (String member : List.of("input_ids", "other")) {
            Path file = file("{\"" + member + "\": " + "[".repeat(1_000_000));
            assertThatThrownBy(() -> DataFiles.open(file, TOKENS))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("deeper than");
        }
    }

    @Test
    void refusesTextThatIsNotUtf8AndFilesWithoutSamples() throws IOException {
        Path latin =
                Files.write(
                        folder.resolve("latin.jsonl"),
                        "{\"é\": 1}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> DataFiles.open(latin, TOKENS)).hasMessageContaining("UTF-8");
        Path blank = file("\n  \n");
        assertThatThrownBy(() -> DataFiles.open(blank, TOKENS)).hasMessageContaining("no sample");
    }
}

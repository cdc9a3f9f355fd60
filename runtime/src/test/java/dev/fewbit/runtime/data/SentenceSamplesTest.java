package dev.fewbit.runtime.data;

import static dev.fewbit.runtime.data.Fixtures.input;
import static dev.fewbit.runtime.data.Fixtures.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.runtime.data.TaskSettings.Pooling;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class SentenceSamplesTest {

    private static final ModelInputs MODEL =
            inputs(
                    input("input_ids", NumberType.INT64, -1, -1),
                    input("attention_mask", NumberType.INT64, -1, -1),
                    input("token_type_ids", NumberType.INT32, -1, -1));

    /** Words of a tiny vocabulary between a first and a last token, as BERT has them. */
    private static final String TOKENIZER =
            """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
             "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                          {"Sequence": {"id": "A", "type_id": 0}},
                          {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
               "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
               "special_tokens": {
                 "[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]},
                 "[SEP]": {"id": "[SEP]", "ids": [2], "tokens": ["[SEP]"]}}},
             "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "[UNK]",
               "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3, "cat": 4, "dog": 5}}}
            """;

    @TempDir private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static double[] ids(Sample sample) {
        return Fixtures.values(sample.inputs().get("input_ids"));
    }

    @Test
    void pairsOfTokensAreTwoSamplesEach() throws IOException {
        Path data =
                file(
                        "pairs.jsonl",
                        """
                        {"a": [1, 2], "b": [3, 4, 5], "score": 2.5}

                        {"b": [7], "score": 0, "other": {"x": []}, "a": [6]}
                        """);
        try (Samples samples = DataFiles.open(data, MODEL)) {
            List<Sample> read = samples.first(9);
            assertThat(read).hasSize(4);
            assertThat(ids(read.get(1))).containsExactly(3, 4, 5);
            assertThat(ids(read.get(2))).containsExactly(6);
            assertThat(Fixtures.values(read.get(1).inputs().get("attention_mask")))
                    .containsExactly(1, 1, 1);
            assertThat(read.get(1).inputs().get("token_type_ids").type())
                    .isEqualTo(NumberType.INT32);
            assertThat(read.stream().map(Sample::label))
                    .containsExactly(
                            Optional.of(new Label.Half(false, 2.5)),
                            Optional.of(new Label.Half(true, 2.5)),
                            Optional.of(new Label.Half(false, 0)),
                            Optional.of(new Label.Half(true, 0)));
            assertThat(read.stream().map(Sample::completes))
                    .containsExactly(false, true, false, true);
            assertThat(samples.task()).contains(new TaskSettings.Similarity(Pooling.MEAN));
            assertThat(samples.warnings()).isEmpty();
        }
    }

    @Test
    void rowsOfTokens() throws IOException {
        for (Path data :
                List.of(
                        file("rows.json", "[[1, 2, 3],\n [4, 5]]"),
                        file("rows.jsonl", "[1, 2, 3]\n[4, 5]\n"))) {
            try (Samples samples = DataFiles.open(data, MODEL)) {
                assertThat(samples.first(9).stream().map(SentenceSamplesTest::ids))
                        .containsExactly(new double[] {1, 2, 3}, new double[] {4, 5});
                assertThat(samples.task()).contains(new TaskSettings.NextToken());
            }
        }
    }

    @Test
    void namesOfInputsComeFirst() throws IOException {
        ModelInputs odd = inputs(input("a", NumberType.INT64, -1, -1));
        Path data = file("arrays.jsonl", "{\"a\": [1, 2], \"b\": [3], \"score\": 1}\n");
        try (Samples samples = DataFiles.open(data, odd)) {
            assertThat(samples.first(9)).hasSize(1);
            assertThat(samples.task()).isEmpty();
        }
    }

    @Test
    void aFixedLengthIsFilledAndCut() throws IOException {
        ModelInputs fixed =
                inputs(
                        input("input_ids", NumberType.INT64, 1, 4),
                        input("attention_mask", NumberType.INT64, 1, 4),
                        input("position_ids", NumberType.INT64, 1, 4));
        Path data = file("rows.json", "[[7, 8], [1, 2, 3, 4, 5]]");
        try (Samples samples = DataFiles.open(data, fixed)) {
            List<Sample> read = samples.first(9);
            assertThat(ids(read.get(0))).containsExactly(7, 8, 0, 0);
            assertThat(Fixtures.values(read.get(0).inputs().get("attention_mask")))
                    .containsExactly(1, 1, 0, 0);
            assertThat(Fixtures.values(read.get(0).inputs().get("position_ids")))
                    .containsExactly(0, 1, 2, 3);
            assertThat(ids(read.get(1))).containsExactly(1, 2, 3, 4);
            assertThat(samples.warnings())
                    .containsExactly("rows of more than 4 tokens were cut off there");
        }
    }

    @Test
    @DisabledOnOs(
            value = OS.MAC,
            architectures = "x86_64",
            disabledReason = "there is no tokenizer for it")
    void textIsTokenized() throws IOException {
        file("tokenizer.json", TOKENIZER);
        Path pairs = file("pairs.csv", "A cat,\"a dog, a cat\",4.5\n");
        try (Samples samples = DataFiles.open(pairs, MODEL)) {
            List<Sample> read = samples.first(9);
            assertThat(ids(read.get(0))).containsExactly(1, 3, 4, 2);
            assertThat(ids(read.get(1))).containsExactly(1, 3, 5, 0, 3, 4, 2);
            assertThat(read.get(1).label()).contains(new Label.Half(true, 4.5));
        }
        Path classes = file("classes.tsv", "label\tsentence\n1\tdog \"quoted\n0\tcat\n");
        try (Samples samples = DataFiles.open(classes, MODEL)) {
            List<Sample> read = samples.first(9);
            assertThat(ids(read.get(0))).startsWith(1, 5).endsWith(2);
            assertThat(read.get(1).label()).contains(new Label.Classes(List.of(0L)));
            assertThat(samples.task()).contains(new TaskSettings.Classification());
        }
        Path lines = file("lines.txt", "cat cat cat cat cat cat\n\ndog\n");
        file("lines.yaml", "text: lines.txt\nmaximum-tokens: 4\npooling: cls\ntask: similarity\n");
        try (Samples samples = DataFiles.open(folder.resolve("lines.yaml"), MODEL)) {
            assertThat(samples.first(9).stream().map(SentenceSamplesTest::ids))
                    .containsExactly(new double[] {1, 4, 4, 2}, new double[] {1, 5, 2});
            assertThat(samples.task()).contains(new TaskSettings.Similarity(Pooling.FIRST));
        }
        Path elsewhere = folder.resolve("elsewhere");
        Files.createDirectory(elsewhere);
        Path other = Files.writeString(elsewhere.resolve("t.jsonl"), "{\"text\": \"dog\"}\n");
        DataOptions options = DataOptions.defaults().beside(folder.resolve("model.onnx"));
        try (Samples samples = DataFiles.open(other, MODEL, options)) {
            assertThat(ids(samples.first(1).getFirst())).containsExactly(1, 5, 2);
        }
        assertThat(Files.exists(lines)).isTrue();
    }

    @Test
    @DisabledOnOs(
            value = OS.MAC,
            architectures = "x86_64",
            disabledReason = "there is no tokenizer for it")
    void aTokenizerThatIsNoneIsRefused() throws IOException {
        Path wrong = file("wrong.json", "{\"no\": \"tokenizer\"}");
        Path data = file("lines.txt", "cat\n");
        DataOptions options = DataOptions.defaults().withTokenizer(wrong);
        try (Samples samples = DataFiles.open(data, MODEL, options)) {
            assertThatThrownBy(() -> samples.first(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wrong.json: the tokenizer cannot be used");
        }
    }

    @Test
    void textWithoutATokenizerSaysWhatToDo() throws IOException {
        Path data = file("lines.txt", "cat\n");
        try (Samples samples = DataFiles.open(data, MODEL)) {
            assertThatThrownBy(() -> samples.first(1))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("lines.txt line 1: text needs the model's tokenizer")
                    .hasMessageContaining("--tokenizer");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "x.jsonl; {\"a\": [1], \"b\": [2]}; line 2: the line has two sentences, the first"
                        + " line has two sentences and a score",
                "x.jsonl; {\"a\": [1.5], \"b\": [2], \"score\": 1}; line 2: text, or a list of"
                        + " whole numbers",
                "x.jsonl; {\"a\": [], \"b\": [2], \"score\": 1}; line 2: text, or a list of whole"
                        + " numbers",
                "x.jsonl; {\"a\": [1], \"b\": [2], \"score\": \"x\"}; line 2: a number is expected",
                "x.jsonl; {\"score\": 1}; line 2: there is no sentence",
                "x.jsonl; {\"a\": [1]} 5; goes on",
            })
    void badLinesAreRefused(String name, String line, String words) throws IOException {
        Path data = file(name, "{\"a\": [1], \"b\": [2], \"score\": 1}\n" + line + "\n");
        try (Samples samples = DataFiles.open(data, MODEL)) {
            assertThatThrownBy(() -> samples.first(99))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining(words.strip());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "x.csv; one,two,three,four; line 1: there are 4 columns and no titles",
                "x.csv; one,two,great; line 1: a number is expected in column 3",
                "x.csv; sentence1,sentence2,score\\n"
                        + "\"open,b,1; line 2: a quoted cell is not closed",
                "x.csv; sentence1,sentence2,score\\na,b; line 2: the line has 2 columns",
                "x.json; {\"a\": 1}; an array is expected",
                "x.json; [[1], 2]; after row 1: text, or a list",
                "x.json; [[1], [2]; after row 2: the text ends",
                "x.txt; ` `; there is no sentence",
            })
    void badFilesAreRefused(String name, String text, String words) throws IOException {
        Path data = file(name, text.replace("\\n", "\n") + "\n");
        assertThatThrownBy(
                        () -> {
                            try (Samples samples = DataFiles.open(data, MODEL)) {
                                samples.first(99);
                            }
                        })
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining(words.strip());
    }

    @Test
    void modelsThatTakeNoTokensAreRefused() throws IOException {
        Path data = file("rows.json", "[[1]]");
        ModelInputs pictures = inputs(input("x", NumberType.FLOAT32, -1, 3, 4, 4));
        assertThatThrownBy(() -> DataFiles.open(data, pictures))
                .hasMessageContaining("the model has 0 inputs that could take token ids");
    }
}

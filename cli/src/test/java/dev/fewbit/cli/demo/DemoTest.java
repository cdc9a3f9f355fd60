package dev.fewbit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Recipe;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.terminal.Terminal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The demo on a tenth of its sentences, with the jar that Maven has put on the class path. */
@DisabledOnOs(
        value = OS.MAC,
        architectures = "x86_64",
        disabledReason = "there is no tokenizer for it")
class DemoTest {

    @TempDir Path folder;

    /** A local repository with nothing in it but a link to the jar. */
    private DemoArtifact artifact() throws Exception {
        String inJar = getClass().getResource("/all-minilm-l6-v2.onnx").toString();
        Path jar = Path.of(URI.create(inJar.substring("jar:".length(), inJar.indexOf('!'))));
        DemoArtifact artifact =
                new DemoArtifact(name -> "no-maven-is-needed", folder.resolve("repository"));
        Files.createDirectories(artifact.place().getParent());
        if (!Files.exists(artifact.place())) {
            Files.createSymbolicLink(artifact.place(), jar);
        }
        return artifact;
    }

    @Test
    void aRealModelSearchesRealSentencesAfterQuantization() throws Exception {
        DemoFiles files = new DemoFiles(folder.resolve("demo"));
        Sentences all = Sentences.load();
        Sentences some =
                new Sentences(
                        all.texts().subList(0, 40),
                        all.queries().stream().filter(query -> query.answer() < 40).toList());
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(talk, true, StandardCharsets.UTF_8);
        List<DemoRow> rows;
        try (Console console = new Console(stream, stream, Terminal.NONE, false, false)) {
            rows = new Demo(artifact(), files, some, List.of(Recipe.INT8_WEIGHTS), 2).run(console);
            DemoText.print(console.page(), rows, some, 2);
        }

        assertThat(files.model()).hasSize(90_387_606);
        assertThat(files.data()).content().startsWith("{\"input_ids\": [[101, ");
        assertThat(Files.readAllLines(files.data())).hasSize(10);
        assertThat(rows).extracting(DemoRow::name).containsExactly("float", "int8-weights");
        DemoRow small = rows.getLast();
        assertThat(small.fileBytes()).isLessThanOrEqualTo(23_200_000);
        assertThat(small.report()).isNotEmptyFile();
        // What the issue asks of 8-bit weights.
        assertThat(small.retrieval().cosine()).isGreaterThanOrEqualTo(0.9996);
        assertThat(small.retrieval().recall()).isGreaterThan(0.9);
        assertThat(rows.getFirst().retrieval().cosine()).isGreaterThan(0.999999);
        assertThat(talk.toString(StandardCharsets.UTF_8))
                .contains("Where things are", files.quantized("int8-weights").toString(), "TOP-1");
    }

    @Test
    void theTokenizerIsTheModelsOwn() throws Exception {
        DemoFiles files = new DemoFiles(folder.resolve("demo"));
        files.create();
        files.unpack(artifact().place(), dev.fewbit.Progress.NONE);
        try (SentenceTokenizer tokenizer =
                SentenceTokenizer.open(files.tokenizer(), files.nativeLibraries())) {
            // [CLS] hello world [SEP] in the vocabulary of BERT, uncased.
            assertThat(tokenizer.tokens("Hello world")).containsExactly(101, 7592, 2088, 102);
            assertThat(tokenizer.tokens("word ".repeat(1000))).hasSize(256);
        }
        // Unpacked anew only where something is missing.
        Files.writeString(files.tokenizer(), "cut short");
        files.unpack(artifact().place(), dev.fewbit.Progress.NONE);
        assertThat(files.tokenizer()).hasSize(711_661);
    }
}

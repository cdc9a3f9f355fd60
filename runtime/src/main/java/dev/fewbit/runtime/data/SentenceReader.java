package dev.fewbit.runtime.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Reads text data line by line. */
interface SentenceReader extends Closeable {

    /** The next line, or nothing at the end. */
    Optional<SentenceItem> next() throws IOException;

    /**
     * Opens a file by its suffix: {@code .txt}, {@code .csv}, {@code .tsv}, {@code .jsonl}, {@code
     * .json}.
     */
    static SentenceReader open(Path file) throws IOException {
        String name = DataFiles.nameOf(file).toLowerCase(Locale.ROOT);
        String source = file.toString();
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return new TableSentences(
                    source, new DelimitedText(TextLines.open(file), DelimitedText.hasTabs(name)));
        }
        if (name.endsWith(".json")) {
            return new JsonTokenRows(source, Files.newBufferedReader(file, StandardCharsets.UTF_8));
        }
        return new LineSentences(TextLines.open(file), name.endsWith(".jsonl"));
    }
}

package dev.fewbit.runtime.data;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lines of a UTF-8 text, numbered from 1. A byte order mark at its begin does not count. */
final class TextLines implements Closeable {

    private final String source;
    private final BufferedReader reader;
    private long number;

    /**
     * Reads on demand.
     *
     * @param source name of the file, for messages
     * @param text the text; closed with this
     */
    TextLines(String source, InputStream text) {
        this.source = source;
        this.reader =
                new BufferedReader(
                        new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder()));
    }

    /** Reads a file on demand. */
    static TextLines open(Path file) throws IOException {
        return new TextLines(file.toString(), Files.newInputStream(file));
    }

    /**
     * The next line; null at the end.
     *
     * @throws SampleDataException if the text is not UTF-8
     */
    @Nullable String next() throws IOException {
        try {
            String line = reader.readLine();
            number++;
            return number == 1 && line != null && line.startsWith("\ufeff")
                    ? line.substring(1)
                    : line;
        } catch (CharacterCodingException malformed) {
            throw new SampleDataException(
                    source + " after line " + number,
                    "the file is not UTF-8 text",
                    "Write it in UTF-8");
        }
    }

    /** The next line that is not blank; null at the end. */
    @Nullable String nextFilled() throws IOException {
        String line = next();
        while (line != null && line.isBlank()) {
            line = next();
        }
        return line;
    }

    /** Number of the line that was read last. */
    long number() {
        return number;
    }

    /** Where the line is that was read last, for messages. */
    String where() {
        return source + " line " + number;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}

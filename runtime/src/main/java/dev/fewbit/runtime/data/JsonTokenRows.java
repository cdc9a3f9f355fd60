package dev.fewbit.runtime.data;

import dev.fewbit.runtime.json.JsonReader;
import dev.fewbit.runtime.json.JsonSyntaxException;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Rows of token ids: one JSON list of lists, read row by row. */
final class JsonTokenRows implements SentenceReader {

    private final String source;
    private final Reader text;
    private final JsonReader json;
    private long row = -1;

    JsonTokenRows(String source, Reader text) {
        this.source = source;
        this.text = text;
        this.json = new JsonReader(text);
    }

    @Override
    public Optional<SentenceItem> next() throws IOException {
        try {
            if (row < 0) {
                json.beginArray();
                row = 0;
            }
            if (!json.hasNext()) {
                return Optional.empty();
            }
            Sentence tokens = LineSentences.tokens(json);
            row++;
            return Optional.of(
                    new SentenceItem(
                            source + " row " + row,
                            List.of(tokens),
                            OptionalDouble.empty(),
                            OptionalLong.empty()));
        } catch (JsonSyntaxException malformed) {
            throw new SampleDataException(
                    source + " after row " + Math.max(row, 0),
                    String.valueOf(malformed.getMessage()),
                    "Write one JSON list of rows, each a list of token ids: [[1, 2], [3, 4, 5]]");
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}

package dev.fewbit.runtime.data;

import dev.fewbit.runtime.json.JsonReader;
import dev.fewbit.runtime.json.JsonSyntaxException;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One sentence a line, or one JSON value a line: an object with sentences, as text or as token ids,
 * or a list of token ids. Empty lines do not count.
 */
final class LineSentences implements SentenceReader {

    private static final String ADVICE =
            "Write lines such as {\"a\": \"one\", \"b\": \"another\", \"score\": 2.5}, with text or"
                    + " lists of token ids, or [1, 2, 3]";

    private final TextLines lines;
    private final boolean json;

    LineSentences(TextLines lines, boolean json) {
        this.lines = lines;
        this.json = json;
    }

    @Override
    public Optional<SentenceItem> next() throws IOException {
        String text = lines.nextFilled();
        if (text == null) {
            return Optional.empty();
        }
        String where = lines.where();
        if (!json) {
            return Optional.of(
                    new SentenceItem(
                            where,
                            List.of(new Sentence.Words(text)),
                            OptionalDouble.empty(),
                            OptionalLong.empty()));
        }
        try {
            return Optional.of(parse(where, new JsonReader(new StringReader(text))));
        } catch (JsonSyntaxException malformed) {
            throw new SampleDataException(where, String.valueOf(malformed.getMessage()), ADVICE);
        }
    }

    private static SentenceItem parse(String where, JsonReader reader) throws IOException {
        Sentence first = null;
        Sentence second = null;
        OptionalDouble score = OptionalDouble.empty();
        OptionalLong number = OptionalLong.empty();
        if (reader.peek() == JsonReader.Token.ARRAY) {
            first = sentence(reader);
        } else {
            reader.beginObject();
            while (reader.hasNext()) {
                Optional<SentenceFields> field = SentenceFields.of(reader.name());
                if (field.isEmpty()) {
                    reader.skipValue();
                    continue;
                }
                switch (field.get()) {
                    case FIRST -> first = sentence(reader);
                    case SECOND -> second = sentence(reader);
                    case SCORE -> score = OptionalDouble.of(number(reader));
                    case NUMBER -> {
                        double value = number(reader);
                        if (value != Math.rint(value)) {
                            throw reader.error("a class is a whole number, got " + value);
                        }
                        number = OptionalLong.of((long) value);
                    }
                }
            }
            reader.endObject();
        }
        if (reader.peek() != JsonReader.Token.DONE) {
            throw reader.error("the line goes on after its value");
        }
        if (first == null) {
            throw reader.error("there is no sentence in the line");
        }
        return new SentenceItem(
                where, second == null ? List.of(first) : List.of(first, second), score, number);
    }

    private static double number(JsonReader reader) throws IOException {
        String text = reader.number();
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException malformed) {
            throw reader.error("'" + text + "' is not a number");
        }
    }

    private static Sentence sentence(JsonReader reader) throws IOException {
        return reader.peek() == JsonReader.Token.STRING
                ? new Sentence.Words(reader.string())
                : tokens(reader);
    }

    /** A list of whole numbers. */
    static Sentence.Tokens tokens(JsonReader reader) throws IOException {
        NumberArray array = JsonNumbers.read(reader);
        if (array.rank() != 1 || array.size() == 0 || array.type() != NumberType.INT64) {
            throw reader.error(
                    "text, or a list of whole numbers, at least one, is expected, got " + array);
        }
        List<Long> ids = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            ids.add(array.longAt(i));
        }
        return new Sentence.Tokens(ids);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

package dev.fewbit.runtime.data;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Sentences in columns. A first line of titles says which is which ({@link SentenceFields});
 * without it, one column is a sentence, two are a sentence and its class or two sentences, three
 * are two sentences and their score.
 */
final class TableSentences implements SentenceReader {

    private static final String ADVICE =
            "Begin with a line of titles such as sentence1, sentence2, score";

    /** Columns, from 0; -1 where there is none. */
    private record Columns(int first, int second, int score, int number) {}

    private final String source;
    private final DelimitedText text;
    private @Nullable Columns columns;

    TableSentences(String source, DelimitedText text) {
        this.source = source;
        this.text = text;
    }

    @Override
    public Optional<SentenceItem> next() throws IOException {
        Optional<DelimitedText.Row> row = text.next();
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Columns known = columns;
        if (known == null) {
            Optional<Columns> titled = titled(row.get().cells());
            if (titled.isPresent()) {
                known = titled.get();
                row = text.next();
            } else {
                known = untitled(row.get());
            }
            columns = known;
        }
        return row.isEmpty() ? Optional.empty() : Optional.of(item(row.get(), known));
    }

    private static Optional<Columns> titled(List<String> cells) {
        int first = -1;
        int second = -1;
        int score = -1;
        int number = -1;
        for (int i = 0; i < cells.size(); i++) {
            Optional<SentenceFields> field =
                    SentenceFields.of(cells.get(i).strip().toLowerCase(Locale.ROOT));
            if (field.isPresent()) {
                switch (field.get()) {
                    case FIRST -> first = i;
                    case SECOND -> second = i;
                    case SCORE -> score = i;
                    case NUMBER -> number = i;
                }
            }
        }
        return first < 0
                ? Optional.empty()
                : Optional.of(new Columns(first, second, score, number));
    }

    private Columns untitled(DelimitedText.Row row) throws SampleDataException {
        List<String> cells = row.cells();
        return switch (cells.size()) {
            case 1 -> new Columns(0, -1, -1, -1);
            case 2 ->
                    cells.get(1).strip().matches("-?\\d{1,9}")
                            ? new Columns(0, -1, -1, 1)
                            : new Columns(0, 1, -1, -1);
            case 3 -> new Columns(0, 1, 2, -1);
            default ->
                    throw new SampleDataException(
                            source + " line " + row.line(),
                            "there are "
                                    + cells.size()
                                    + " columns and no titles that say which is which",
                            ADVICE);
        };
    }

    private SentenceItem item(DelimitedText.Row row, Columns known) throws SampleDataException {
        String where = source + " line " + row.line();
        List<Sentence> sentences = new ArrayList<>();
        sentences.add(new Sentence.Words(cell(where, row, known.first())));
        if (known.second() >= 0) {
            sentences.add(new Sentence.Words(cell(where, row, known.second())));
        }
        try {
            return new SentenceItem(
                    where,
                    sentences,
                    known.score() < 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(
                                    Double.parseDouble(cell(where, row, known.score()).strip())),
                    known.number() < 0
                            ? OptionalLong.empty()
                            : OptionalLong.of(
                                    Long.parseLong(cell(where, row, known.number()).strip())));
        } catch (NumberFormatException notANumber) {
            throw new SampleDataException(
                    where,
                    "a number is expected in column "
                            + (Math.max(known.score(), known.number()) + 1)
                            + ": "
                            + notANumber.getMessage(),
                    ADVICE);
        }
    }

    private static String cell(String where, DelimitedText.Row row, int column)
            throws SampleDataException {
        if (column >= row.cells().size()) {
            throw new SampleDataException(
                    where,
                    "the line has "
                            + row.cells().size()
                            + " columns, at least "
                            + (column + 1)
                            + " are expected",
                    "Quote cells that hold commas, or separate columns by tabs in .tsv");
        }
        return row.cells().get(column);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}

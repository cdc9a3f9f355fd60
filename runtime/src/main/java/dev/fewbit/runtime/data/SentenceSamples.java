package dev.fewbit.runtime.data;

import dev.fewbit.runtime.data.TaskSettings.Pooling;
import dev.fewbit.runtime.files.CacheFolder;
import dev.fewbit.runtime.text.SentenceTokenizer;
import dev.fewbit.runtime.text.TokenizedText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Text or rows of tokens: every sentence is a sample, those of a pair follow each other. */
final class SentenceSamples implements Samples {

    /** Most tokens of a sentence unless something else is said: what BERT and its kin take. */
    static final int LONGEST = 512;

    /**
     * How to read sentences.
     *
     * @param file the data
     * @param tokenizer the tokenizer, if one was found
     * @param longest most tokens of a sentence
     * @param pooling how a sentence's embedding is had
     * @param task what the description says of the task; empty when the lines tell
     */
    record Settings(
            Path file,
            Optional<Path> tokenizer,
            int longest,
            Pooling pooling,
            Optional<TaskSettings> task) {}

    private final Settings settings;
    private final TokenInputs tokens;
    private final InputFitter fitter;
    private final int longest;
    private final SentenceItem example;
    private @Nullable SentenceTokenizer tokenizer;
    private boolean cut;

    /**
     * Checks that the first line can be read.
     *
     * @param settings how
     * @param inputs what the model takes
     */
    SentenceSamples(Settings settings, ModelInputs inputs) throws IOException {
        this.settings = settings;
        this.tokens = TokenInputs.of(settings.file().toString(), inputs);
        this.fitter = new InputFitter(inputs);
        this.longest = Math.min(settings.longest(), tokens.fixedLength().orElse(1 << 20));
        try (SentenceReader reader = SentenceReader.open(settings.file())) {
            example =
                    reader.next()
                            .orElseThrow(
                                    () ->
                                            new SampleDataException(
                                                    settings.file().toString(),
                                                    "there is no sentence in the file",
                                                    "Write one a line"));
        }
    }

    @Override
    public String description() {
        return DataFiles.nameOf(settings.file());
    }

    @Override
    public List<String> warnings() {
        return fitter.warnings();
    }

    @Override
    public Optional<TaskSettings> task() {
        if (settings.task().isPresent()) {
            return settings.task();
        }
        if (example.sentences().size() == 2) {
            return Optional.of(
                    example.score().isPresent()
                            ? new TaskSettings.Similarity(settings.pooling())
                            : new TaskSettings.None());
        }
        return example.number().isPresent()
                ? Optional.of(new TaskSettings.Classification())
                : Optional.of(new TaskSettings.NextToken());
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
            tokenizer = null;
        }
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        try (SentenceReader reader = SentenceReader.open(settings.file())) {
            long index = 0;
            Optional<SentenceItem> item = reader.next();
            while (item.isPresent()) {
                checkForm(item.get());
                int parts = item.get().sentences().size();
                for (int part = 0; part < parts; part++) {
                    if (!visitor.visit(sample(index, item.get(), part))) {
                        return;
                    }
                    index++;
                }
                item = reader.next();
            }
        }
    }

    private void checkForm(SentenceItem item) throws SampleDataException {
        if (!item.form().equals(example.form())) {
            throw new SampleDataException(
                    item.where(),
                    "the line has " + item.form() + ", the first line has " + example.form(),
                    "Give all lines the same form");
        }
    }

    private Sample sample(long index, SentenceItem item, int part) throws IOException {
        TokenizedText text = tokenize(item.where(), item.sentences().get(part));
        Optional<Label> label = Optional.empty();
        if (item.score().isPresent() && item.sentences().size() == 2) {
            label = Optional.of(new Label.Half(part == 1, item.score().getAsDouble()));
        } else if (item.number().isPresent() && item.sentences().size() == 1) {
            label = Optional.of(new Label.Classes(List.of(item.number().getAsLong())));
        }
        return new Sample(
                index, fitter.fit(item.where(), tokens.arrays(text.ids(), text.types())), label);
    }

    private TokenizedText tokenize(String where, Sentence sentence) throws IOException {
        return switch (sentence) {
            case Sentence.Words words -> tokenizer(where).encode(words.text());
            case Sentence.Tokens given -> {
                long[] ids = given.ids().stream().mapToLong(Long::longValue).toArray();
                if (ids.length > longest) {
                    ids = Arrays.copyOf(ids, longest);
                    if (!cut) {
                        cut = true;
                        fitter.warn("rows of more than " + longest + " tokens were cut off there");
                    }
                }
                yield new TokenizedText(ids, new long[ids.length]);
            }
        };
    }

    /** Loaded when the first text comes: token ids need none. */
    private SentenceTokenizer tokenizer(String where) throws IOException {
        SentenceTokenizer known = tokenizer;
        if (known != null) {
            return known;
        }
        Path file =
                settings.tokenizer()
                        .orElseThrow(
                                () ->
                                        new SampleDataException(
                                                where,
                                                "text needs the model's tokenizer",
                                                "Put its tokenizer.json beside the data or the"
                                                        + " model, or name it with --tokenizer"));
        if (!Files.isRegularFile(file)) {
            throw new SampleDataException(
                    file.toString(), "there is no such tokenizer", "Check the path");
        }
        Path libraries = CacheFolder.nativeLibraries().resolve("tokenizers");
        CacheFolder.requirePrivate(libraries);
        SentenceTokenizer opened = SentenceTokenizer.open(file, libraries, longest);
        tokenizer = opened;
        return opened;
    }
}

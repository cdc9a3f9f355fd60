package dev.fewbit.runtime.data;

import dev.fewbit.runtime.data.TaskSettings.Pooling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds and reads {@code data.yaml}, the description of data that does not say all itself. */
final class DataDescription {

    private static final String NAME = "data.yaml";

    private static final Pattern ARRAYS = Pattern.compile("(?i).*\\.(npz|npy|jsonl)");

    private static final List<String> TEXT_FIELDS =
            List.of("text", "tokenizer", "maximum-tokens", "pooling", "task");

    private DataDescription() {}

    /** Opens what a description file names. */
    static Samples open(Path yaml, ModelInputs inputs, DataOptions options) throws IOException {
        String source = yaml.toString();
        YamlFields fields = YamlFields.parse(source, text(source, Files.readAllBytes(yaml)));
        Path folder = folder(yaml);
        if (fields.has("text")) {
            return sentences(fields, folder, inputs, options);
        }
        if (fields.has("arrays")) {
            return arrays(fields, folder, inputs, options);
        }
        if (!fields.has("images")) {
            throw fields.complaint(
                    "expected 'images: FOLDER or ZIP', 'arrays: FILE' or 'text: FILE', got none of"
                            + " them");
        }
        Path place = folder.resolve(String.valueOf(fields.text("images")));
        if (!Files.exists(place)) {
            throw new SampleDataException(
                    place.toString(),
                    "there is no such folder or archive, though " + source + " names it",
                    "Correct 'images'");
        }
        Augmentation augmentation = AugmentedSamples.read(fields);
        return AugmentedSamples.of(
                PictureSamples.open(
                        DataFiles.nameOf(place),
                        FileTree.open(place),
                        fields,
                        inputs,
                        new TextFinder(folder)),
                augmentation);
    }

    private static Samples arrays(
            YamlFields fields, Path folder, ModelInputs inputs, DataOptions options)
            throws IOException {
        Path file = folder.resolve(String.valueOf(fields.text("arrays")));
        if (!ARRAYS.matcher(DataFiles.nameOf(file)).matches()) {
            throw fields.complaint(
                    "'arrays' names a .npz, .npy or .jsonl file, got '" + file + "'");
        }
        Augmentation augmentation = AugmentedSamples.read(fields);
        fields.end(Stream.concat(Stream.of("arrays"), AugmentedSamples.FIELDS.stream()).toList());
        return AugmentedSamples.of(DataFiles.open(file, inputs, options), augmentation);
    }

    /** Opens a folder or an archive of pictures whose description is inside of it or beside it. */
    static Samples openPictures(Path place, ModelInputs inputs) throws IOException {
        String name = DataFiles.nameOf(place.toAbsolutePath().normalize());
        Path folder = folder(place);
        Path named = folder.resolve(name.replaceFirst("(?i)\\.zip$", "") + ".yaml");
        Path beside = Files.isRegularFile(named) ? named : folder.resolve(NAME);
        // Before all that is in a folder is listed, which may be much.
        if (Files.isDirectory(place)
                && !Files.isRegularFile(beside)
                && !Files.isRegularFile(place.resolve(NAME))) {
            throw undescribed(place);
        }
        FileTree tree = FileTree.open(place);
        try {
            String source;
            byte[] bytes;
            if (tree.has(NAME)) {
                source = tree.describe(NAME);
                bytes = tree.read(NAME);
            } else if (Files.isRegularFile(beside)) {
                source = beside.toString();
                bytes = Files.readAllBytes(beside);
            } else {
                throw undescribed(place);
            }
            YamlFields fields = YamlFields.parse(source, text(source, bytes));
            String images = fields.text("images");
            if (images != null && !isSame(folder.resolve(images), place)) {
                throw fields.complaint(
                        "this describes '" + images + "', not " + place + "; open it by its name");
            }
            TextFinder outside =
                    new TextFinder(Files.isDirectory(place) && tree.has(NAME) ? place : folder);
            Augmentation augmentation = AugmentedSamples.read(fields);
            return AugmentedSamples.of(
                    PictureSamples.open(name, tree, fields, inputs, outside), augmentation);
        } catch (IOException | RuntimeException failure) {
            tree.close();
            throw failure;
        }
    }

    private static SampleDataException undescribed(Path place) {
        return new SampleDataException(
                place.toString(),
                "nothing says how the pictures in this folder or archive are fed to the model:"
                        + " there is no data.yaml inside or beside",
                "Write one with resize, scale, mean, std, labels and task; see docs/data.md. For"
                        + " arrays, name a .npz, .npy or .jsonl file");
    }

    /** Opens text that has no description. */
    static Samples openSentences(Path file, ModelInputs inputs, DataOptions options)
            throws IOException {
        return new SentenceSamples(
                new SentenceSamples.Settings(
                        file,
                        tokenizer(Optional.empty(), folder(file), options),
                        SentenceSamples.LONGEST,
                        Pooling.MEAN,
                        Optional.empty()),
                inputs);
    }

    private static Samples sentences(
            YamlFields fields, Path folder, ModelInputs inputs, DataOptions options)
            throws IOException {
        Path file = folder.resolve(String.valueOf(fields.text("text")));
        DataFiles.requireFile(file);
        Optional<Path> tokenizer =
                tokenizer(
                        Optional.ofNullable(fields.text("tokenizer")).map(folder::resolve),
                        folder(file),
                        options);
        int longest = fields.integer("maximum-tokens", 1).orElse(SentenceSamples.LONGEST);
        Pooling pooling =
                fields.choice(
                        "pooling",
                        Map.of("mean", Pooling.MEAN, "first", Pooling.FIRST, "cls", Pooling.FIRST),
                        Pooling.MEAN);
        Optional<TaskSettings> task =
                fields.choice(
                        "task",
                        Map.of(
                                "none", Optional.of(new TaskSettings.None()),
                                "classification", Optional.of(new TaskSettings.Classification()),
                                "similarity", Optional.of(new TaskSettings.Similarity(pooling)),
                                "next-token", Optional.of(new TaskSettings.NextToken())),
                        Optional.empty());
        fields.end(TEXT_FIELDS);
        return new SentenceSamples(
                new SentenceSamples.Settings(file, tokenizer, longest, pooling, task), inputs);
    }

    /** The tokenizer that was named, or the first that lies about. */
    private static Optional<Path> tokenizer(
            Optional<Path> described, Path folder, DataOptions options) {
        if (options.tokenizer().isPresent()) {
            return options.tokenizer();
        }
        if (described.isPresent()) {
            return described;
        }
        Path beside = folder.resolve("tokenizer.json");
        if (Files.isRegularFile(beside)) {
            return Optional.of(beside);
        }
        return options.places().stream()
                .map(place -> place.resolve("tokenizer.json"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static boolean isSame(Path first, Path second) throws IOException {
        return Files.exists(first) && Files.isSameFile(first, second);
    }

    private static String text(String source, byte[] bytes) throws SampleDataException {
        return String.join("\n", TextFinder.lines(source, bytes));
    }
}

package dev.fewbit.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens sample data of every known form. */
public final class DataFiles {

    private DataFiles() {}

    /**
     * Opens data without knowing more than the data.
     *
     * @param file the data
     * @param inputs what the model takes
     * @throws IOException as {@link #open(Path, ModelInputs, DataOptions)} does
     */
    public static Samples open(Path file, ModelInputs inputs) throws IOException {
        return open(file, inputs, DataOptions.defaults());
    }

    /**
     * Opens data by its suffix.
     *
     * <ul>
     *   <li>{@code .npz}: arrays named like the inputs, first axis = samples, optional {@code
     *       labels}; {@code .npy}: the same for a model with one input; {@code .jsonl}: one object
     *       a line, input name to nested numbers. An array may have the model's batch axis or lack
     *       it. {@code token_type_ids}, {@code attention_mask} and {@code position_ids} may be
     *       absent.
     *   <li>A folder or {@code .zip} of pictures with a {@code data.yaml}.
     *   <li>{@code .txt}, {@code .csv}, {@code .tsv}, {@code .jsonl}: sentences or pairs of them;
     *       {@code .json}, {@code .jsonl}: rows of token ids.
     *   <li>{@code .yaml}: a description that names its pictures or its text.
     * </ul>
     *
     * @param file the data
     * @param inputs what the model takes
     * @param options what else there is to know
     * @return the samples; close them
     * @throws SampleDataException if the suffix is unknown, the file is missing, empty or
     *     malformed, or does not fit the model
     * @throws IOException if reading fails
     */
    public static Samples open(Path file, ModelInputs inputs, DataOptions options)
            throws IOException {
        if (Files.isDirectory(file)) {
            return DataDescription.openPictures(file, inputs);
        }
        requireFile(file);
        String name = nameOf(file).toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "npz" -> NpzReader.open(file, inputs);
            case "npy" -> NpyReader.open(file, inputs);
            case "jsonl" ->
                    JsonlSamples.holdsSentences(file, inputs)
                            ? DataDescription.openSentences(file, inputs, options)
                            : new JsonlSamples(file, inputs);
            case "txt", "csv", "tsv", "json" ->
                    DataDescription.openSentences(file, inputs, options);
            case "zip" -> DataDescription.openPictures(file, inputs);
            case "yaml", "yml" -> DataDescription.open(file, inputs, options);
            default ->
                    throw new SampleDataException(
                            file.toString(),
                            "the suffix says nothing about the form of the data",
                            "Give a .npz, .npy, .jsonl, .json, .txt, .csv, .tsv, .zip or .yaml"
                                    + " file, or a folder of pictures");
        };
    }

    static void requireFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new SampleDataException(
                    file.toString(), "there is no such file", "Check the path of the sample data");
        }
        if (Files.isDirectory(file)) {
            throw new SampleDataException(
                    file.toString(), "this is a folder", "Name a file inside of it");
        }
        if (Files.size(file) == 0) {
            throw new SampleDataException(
                    file.toString(), "the file is empty", "Give at least one sample");
        }
    }

    static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}

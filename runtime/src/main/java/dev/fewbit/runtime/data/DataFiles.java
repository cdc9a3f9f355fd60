package dev.fewbit.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens sample data of every known form. */
public final class DataFiles {

    private DataFiles() {}

    /**
     * Opens a file by its suffix: {@code .npz} (arrays named like the inputs, first axis = samples,
     * optional {@code labels}), {@code .npy} (the same for a model with one input) or {@code
     * .jsonl} (one object a line, input name to nested numbers).
     *
     * <p>An array may have the model's batch axis or lack it. {@code token_type_ids}, {@code
     * attention_mask} and {@code position_ids} may be absent.
     *
     * @param file the data
     * @param inputs what the model takes
     * @return the samples; close them
     * @throws SampleDataException if the suffix is unknown, the file is missing, empty or
     *     malformed, or does not fit the model
     * @throws IOException if reading fails
     */
    public static Samples open(Path file, ModelInputs inputs) throws IOException {
        if (Files.isDirectory(file)) {
            throw new SampleDataException(
                    file.toString(), "this is a folder", "Name a .npz, .npy or .jsonl file");
        }
        if (!Files.exists(file)) {
            throw new SampleDataException(
                    file.toString(), "there is no such file", "Check the path of the sample data");
        }
        if (Files.size(file) == 0) {
            throw new SampleDataException(
                    file.toString(), "the file is empty", "Give at least one sample");
        }
        String name = nameOf(file).toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz")) {
            return NpzReader.open(file, inputs);
        }
        if (name.endsWith(".npy")) {
            return NpyReader.open(file, inputs);
        }
        if (name.endsWith(".jsonl")) {
            return new JsonlSamples(file, inputs);
        }
        throw new SampleDataException(
                file.toString(),
                "the suffix says nothing about the form of the data",
                "Give a .npz, .npy or .jsonl file");
    }

    static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}

package dev.fewbit.runtime.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads {@code .npy}: one array, for models that have one input which must be given. */
final class NpyReader {

    private NpyReader() {}

    /**
     * Opens a file.
     *
     * @param file the file
     * @param inputs what the model takes
     */
    static Samples open(Path file, ModelInputs inputs) throws IOException {
        List<InputSpecification> required =
                inputs.inputs().size() == 1
                        ? inputs.inputs()
                        : inputs.inputs().stream()
                                .filter(input -> OmittedInput.of(input.name()).isEmpty())
                                .toList();
        if (required.size() != 1) {
            throw new SampleDataException(
                    file.toString(),
                    "an .npy file holds one array, the model takes " + inputs.describe(),
                    "Store one array per input in an .npz file");
        }
        MappedNpyArray array = new MappedNpyArray(file.toString(), file);
        try {
            return new ColumnSamples(
                    DataFiles.nameOf(file),
                    inputs,
                    Map.of(required.getFirst().name(), array),
                    null,
                    array);
        } catch (IOException | RuntimeException failure) {
            array.close();
            throw failure;
        }
    }
}

package dev.fewbit.runtime.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What there is to know for reading data, beside the data.
 *
 * @param tokenizer a {@code tokenizer.json}; empty to look for one
 * @param places folders in which a {@code tokenizer.json} may lie, after that of the data
 */
public record DataOptions(Optional<Path> tokenizer, List<Path> places) {

    /** Copies the list. */
    public DataOptions {
        places = List.copyOf(places);
    }

    /** Nothing but the data. */
    public static DataOptions defaults() {
        return new DataOptions(Optional.empty(), List.of());
    }

    /** The same with this tokenizer. */
    public DataOptions withTokenizer(Path file) {
        return new DataOptions(Optional.of(file), places);
    }

    /** The same with a tokenizer, if there is one. */
    public DataOptions withTokenizer(Optional<Path> file) {
        return file.map(this::withTokenizer).orElse(this);
    }

    /** The same, looking for a tokenizer beside the model, too. */
    public DataOptions beside(Path model) {
        Path folder = model.toAbsolutePath().getParent();
        return folder == null ? this : new DataOptions(tokenizer, List.of(folder));
    }
}

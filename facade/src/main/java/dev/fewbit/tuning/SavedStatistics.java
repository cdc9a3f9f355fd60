package dev.fewbit.tuning;

import dev.fewbit.FewbitException;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.runtime.calibrate.FileHash;
import dev.fewbit.runtime.calibrate.Statistics;
import dev.fewbit.runtime.calibrate.StatisticsFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Statistics in files, which belong to a float model as it is before preparation. */
final class SavedStatistics {
    private SavedStatistics() {}

    /**
     * Reads statistics and merges them.
     *
     * @param files at least one
     * @param source the float model
     * @throws FewbitException if they are of another model
     */
    static Statistics read(List<Path> files, Path source) throws IOException {
        Statistics merged = StatisticsFile.read(files.getFirst());
        for (Path file : files.subList(1, files.size())) {
            merged = merged.merge(StatisticsFile.read(file));
        }
        String expected = FileHash.sha256(source);
        if (!merged.modelSha256().equals(expected)) {
            throw new FewbitException(
                    "the statistics in %s were gathered on another model (its SHA-256 is %s, that of %s is %s); calibrate again with --data"
                            .formatted(files.getFirst(), merged.modelSha256(), source, expected));
        }
        return merged;
    }

    /** Writes statistics of a prepared model, said of the model that it was made from. */
    static void write(Path file, Statistics statistics, Path source, List<Preparation> preparation)
            throws IOException {
        StatisticsFile.write(file, statistics.describing(FileHash.sha256(source), preparation));
    }
}

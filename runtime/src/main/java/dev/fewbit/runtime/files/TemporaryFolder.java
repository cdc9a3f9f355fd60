package dev.fewbit.runtime.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of its own that is gone, with all in it, when it is closed or the process is ended. */
public final class TemporaryFolder implements Closeable {

    private final Path path;
    private final Thread atExit;

    private TemporaryFolder(Path path) {
        this.path = path;
        this.atExit = new Thread(this::deleteQuietly, "delete " + path);
    }

    /**
     * Makes a folder where the system keeps temporary files.
     *
     * @param prefix start of its name
     * @throws IOException if it cannot be made
     */
    public static TemporaryFolder create(String prefix) throws IOException {
        TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(folder.atExit);
        return folder;
    }

    /** Where a file of that name would be. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /** Deletes the folder and all in it; a second call does nothing. */
    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // The process is ending: the hook deletes the folder.
            return;
        }
        delete();
    }

    private void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(path)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.deleteIfExists(each);
        }
    }

    private void deleteQuietly() {
        try {
            delete();
        } catch (IOException failure) {
            // Nobody is left to tell; the system empties its folder of temporary files.
            return;
        }
    }
}
